package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.FundingScript;
import chargepile.agent.channel.wire.AcceptChannel;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.FundingCreated;
import chargepile.agent.channel.wire.FundingSigned;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.ShachainStore;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.List;
import java.util.Optional;

/**
 * Opening (BOLT 2, "Channel Establishment v1"; P1-23, P1-28): the funding transaction's id is
 * agreed and the commitments are signed before it is published, so that an abort at any step leaves
 * both whole.
 */
final class OpeningSteps {
  private final ChannelContext context;
  private final Signer signer;
  private final ChannelKeys keys;
  private final ChannelSettings settings;
  private final OpeningRules rules;
  private final Transactions transactions;
  private final CommitmentExchange exchange;

  OpeningSteps(ChannelContext context, Transactions transactions, CommitmentExchange exchange) {
    this.context = context;
    this.signer = context.signer();
    this.keys = context.keys();
    this.settings = context.settings();
    this.rules = new OpeningRules(settings, signer);
    this.transactions = transactions;
    this.exchange = exchange;
  }

  void open(Step step, ChannelEvent.Open request) {
    if (step.next().link() != Link.UP) {
      step.tell(new ChannelNotice.CommandRefused("there is no link to the peer"));
      return;
    }
    Basepoints own = keys.basepoints(signer);
    OpenChannel open =
        new OpenChannel(
            settings.chainHash(),
            request.temporaryId(),
            request.capacity(),
            request.push(),
            settings.dustLimit(),
            settings.maxHtlcValueInFlight(),
            settings.reserve(request.capacity(), settings.dustLimit()),
            settings.htlcMinimum(),
            request.feerate(),
            settings.toSelfDelay(),
            settings.maxAcceptedHtlcs(),
            own.funding(),
            own.revocation(),
            own.payment(),
            own.delayedPayment(),
            own.htlc(),
            keys.perCommitmentPoint(0, signer),
            (byte) 0,
            context.closingScript(),
            OpeningRules.CHANNEL_TYPE);
    try {
      rules.check(open);
    } catch (ProtocolException e) {
      step.tell(new ChannelNotice.CommandRefused(e.reason()));
      return;
    }
    step.to(new Stage.AwaitingAccept(request, open)).store("open_channel said").send(open);
  }

  void opened(Step step, OpenChannel open) {
    rules.check(open);
    Satoshi reserve = settings.reserve(open.fundingSatoshis(), open.dustLimit());
    Satoshi ownReserveDemand =
        reserve.compareTo(settings.dustLimit()) < 0 ? settings.dustLimit() : reserve;
    Basepoints own = keys.basepoints(signer);
    ChannelSetup setup =
        new ChannelSetup(
            settings.chainHash(),
            context.keyIndex(),
            false,
            context.metering(),
            open.fundingSatoshis(),
            settings.minimumDepth(),
            new ChannelSetup.Party(
                own,
                settings.dustLimit(),
                open.channelReserve(),
                open.toSelfDelay(),
                settings.htlcLimits(),
                context.closingScript()),
            new ChannelSetup.Party(
                OpeningRules.basepoints(open),
                open.dustLimit(),
                ownReserveDemand,
                settings.toSelfDelay(),
                OpeningRules.htlcLimits(open),
                open.upfrontShutdownScript()));
    AcceptChannel accept =
        new AcceptChannel(
            open.temporaryChannelId(),
            settings.dustLimit(),
            settings.maxHtlcValueInFlight(),
            ownReserveDemand,
            settings.htlcMinimum(),
            settings.minimumDepth(),
            settings.toSelfDelay(),
            settings.maxAcceptedHtlcs(),
            own.funding(),
            own.revocation(),
            own.payment(),
            own.delayedPayment(),
            own.htlc(),
            keys.perCommitmentPoint(0, signer),
            context.closingScript(),
            OpeningRules.CHANNEL_TYPE);
    Stage.Opening opening =
        new Stage.Opening(
            open.temporaryChannelId(),
            setup,
            open.pushMsat(),
            open.feerate(),
            open.firstPerCommitmentPoint());
    step.to(new Stage.AwaitingFundingCreated(opening)).store("accept_channel said").send(accept);
  }

  void accepted(Step step, Stage.AwaitingAccept stage, AcceptChannel accept) {
    OpenChannel open = stage.sent();
    requireId(accept.temporaryChannelId(), open.temporaryChannelId());
    rules.check(accept, open);
    ChannelSetup setup =
        new ChannelSetup(
            settings.chainHash(),
            context.keyIndex(),
            true,
            context.metering(),
            open.fundingSatoshis(),
            accept.minimumDepth(),
            new ChannelSetup.Party(
                keys.basepoints(signer),
                settings.dustLimit(),
                accept.channelReserve(),
                accept.toSelfDelay(),
                settings.htlcLimits(),
                context.closingScript()),
            new ChannelSetup.Party(
                OpeningRules.basepoints(accept),
                accept.dustLimit(),
                open.channelReserve(),
                open.toSelfDelay(),
                OpeningRules.htlcLimits(accept),
                accept.upfrontShutdownScript()));
    Stage.Opening opening =
        new Stage.Opening(
            open.temporaryChannelId(),
            setup,
            open.pushMsat(),
            open.feerate(),
            accept.firstPerCommitmentPoint());
    step.to(new Stage.AwaitingFunding(opening))
        .store("channel accepted")
        .wallet(
            new ChannelAction.BuildFunding(fundingScript(setup), setup.capacity(), open.feerate()));
  }

  void fundingBuilt(Step step, Stage.AwaitingFunding stage, Transaction transaction) {
    Stage.Opening opening = stage.opening();
    OutPoint funding;
    try {
      funding = fundingOutPoint(opening.setup(), transaction);
    } catch (IllegalArgumentException e) {
      step.wallet(new ChannelAction.Release(transaction));
      abandonAndTell(step, opening.temporaryId(), "the wallet built no fitting transaction");
      step.alert(String.valueOf(e.getMessage()));
      return;
    }
    CommitmentTransaction theirs = transactions.remote(opening.setup(), funding, first(opening));
    ByteVector64 signature = signFirst(theirs);
    step.to(new Stage.AwaitingFundingSigned(opening, transaction))
        .store("funding_created said")
        .send(
            new FundingCreated(
                opening.temporaryId(), funding.txid, Math.toIntExact(funding.index), signature));
  }

  void fundingCreated(Step step, Stage.AwaitingFundingCreated stage, FundingCreated created) {
    Stage.Opening opening = stage.opening();
    requireId(created.temporaryChannelId(), opening.temporaryId());
    OutPoint funding = new OutPoint(created.fundingTxid(), created.fundingOutputIndex());
    Commitments commitments = firstCommitments(opening, funding, created.signature());
    ByteVector64 signature = signFirst(transactions.remote(commitments, commitments.remote()));
    step.to(new Stage.AwaitingReady(commitments, false, Optional.empty()))
        .store("funding_signed said")
        .send(new FundingSigned(commitments.channelId(), signature))
        .tell(new ChannelNotice.Funded(funding.txid));
  }

  void fundingSigned(Step step, Stage.AwaitingFundingSigned stage, FundingSigned signed) {
    Stage.Opening opening = stage.opening();
    OutPoint funding = fundingOutPoint(opening.setup(), stage.fundingTransaction());
    requireId(signed.channelId(), ChannelId.of(funding));
    Commitments commitments = firstCommitments(opening, funding, signed.signature());
    step.to(new Stage.AwaitingReady(commitments, false, Optional.empty()))
        .to(FundingWatch.of(stage.fundingTransaction()))
        .store("funding published")
        .broadcast(stage.fundingTransaction(), "funding transaction")
        .tell(new ChannelNotice.Funded(funding.txid));
  }

  /** The channel's id, which follows from the funding transaction. */
  static ChannelId channelId(Stage.AwaitingFundingSigned stage) {
    return ChannelId.of(fundingOutPoint(stage.opening().setup(), stage.fundingTransaction()));
  }

  /** Gives up a channel that has no funding yet; nobody has money in it. */
  void abandon(Step step, String reason) {
    if (step.next().stage() instanceof Stage.AwaitingFundingSigned signed) {
      step.wallet(new ChannelAction.Release(signed.fundingTransaction()));
    }
    Optional<Commitments> last =
        step.next().stage() instanceof Stage.Funded funded
            ? Optional.of(funded.commitments())
            : Optional.empty();
    step.to(new Stage.Closed(Outcome.ABANDONED, reason, last))
        .store("opening given up")
        .tell(new ChannelNotice.Closed(Outcome.ABANDONED, Optional.empty()));
  }

  /** Gives up and tells the peer why. */
  void abandonAndTell(Step step, ChannelId temporaryId, String reason) {
    step.send(new ErrorMessage(temporaryId, reason));
    abandon(step, reason);
  }

  /** Gives up, and tells the peer why if it knows of the channel. */
  void giveUp(Step step, String reason) {
    Optional<ChannelId> id = openingId(step.next().stage());
    if (id.isPresent()) {
      abandonAndTell(step, id.get(), reason);
    } else {
      abandon(step, reason);
    }
  }

  /** By which id the peer knows a channel that is not funded yet. */
  private static Optional<ChannelId> openingId(Stage stage) {
    return switch (stage) {
      case Stage.AwaitingAccept waiting -> Optional.of(waiting.sent().temporaryChannelId());
      case Stage.AwaitingFunding waiting -> Optional.of(waiting.opening().temporaryId());
      case Stage.AwaitingFundingSigned waiting -> Optional.of(channelId(waiting));
      case Stage.AwaitingFundingCreated waiting -> Optional.of(waiting.opening().temporaryId());
      case Stage.Absent absent -> Optional.empty();
      case Stage.Funded funded -> Optional.empty();
      case Stage.Recovering recovering -> Optional.empty();
      case Stage.Closed closed -> Optional.empty();
    };
  }

  private Commitments firstCommitments(
      Stage.Opening opening, OutPoint funding, ByteVector64 remoteSignature) {
    ChannelSetup setup = opening.setup();
    Allocation allocation = new Allocation(spec(opening, true), Optional.empty());
    CommitmentTransaction own = transactions.local(setup, funding, allocation, 0);
    exchange.verify(setup, own, remoteSignature, List.of());
    Commitments.Remote remote = first(opening);
    CommitmentTransaction theirs = transactions.remote(setup, funding, remote);
    return new Commitments(
        setup,
        funding,
        new Commitments.Local(0, allocation, remoteSignature, List.of()),
        remote,
        Optional.empty(),
        opening.remoteFirstPoint(),
        Changes.NONE,
        Changes.NONE,
        Payments.NONE,
        ShachainStore.empty(),
        SigningRecord.empty()
            .signRemoteCommitment(0, theirs.fundingDigest())
            .storeLocalCommitment(0));
  }

  private ByteVector64 signFirst(CommitmentTransaction theirs) {
    SigningRecord.empty().signRemoteCommitment(0, theirs.fundingDigest());
    return signer.sign(theirs.fundingDigest(), keys.funding());
  }

  private static Commitments.Remote first(Stage.Opening opening) {
    return new Commitments.Remote(
        0, new Allocation(spec(opening, false), Optional.empty()), opening.remoteFirstPoint());
  }

  private static CommitmentSpec spec(Stage.Opening opening, boolean ownerIsLocal) {
    Amount push = opening.push();
    Amount funder = opening.setup().capacity().toAmount().minus(push);
    Feerate feerate = opening.feerate();
    return opening.setup().funder() == ownerIsLocal
        ? new CommitmentSpec(feerate, funder, push, List.of())
        : new CommitmentSpec(feerate, push, funder, List.of());
  }

  static ByteVector fundingScript(ChannelSetup setup) {
    return FundingScript.outputScript(
        setup.local().basepoints().funding(), setup.remote().basepoints().funding());
  }

  private static OutPoint fundingOutPoint(ChannelSetup setup, Transaction transaction) {
    for (int i = 0; i < transaction.txOut.size(); i++) {
      TxOut output = transaction.txOut.get(i);
      if (FundingSteps.isFunding(setup, output)) {
        return new OutPoint(transaction.txid, i);
      }
    }
    throw new IllegalArgumentException(
        "the wallet's transaction %s has no output of %,d sat to the channel"
            .formatted(transaction.txid, setup.capacity().value()));
  }

  private static void requireId(ChannelId said, ChannelId expected) {
    if (!said.equals(expected)) {
      throw new ProtocolException(
          "the message is for channel %s, not %s".formatted(said, expected));
    }
  }
}
