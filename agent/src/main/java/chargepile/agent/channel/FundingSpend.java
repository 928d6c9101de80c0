package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentKeys;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.crypto.Shachain;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;

/** What a transaction that spends the funding output is (design: every spend is classified). */
sealed interface FundingSpend {
  /** A closing transaction that both signed. */
  record Mutual() implements FundingSpend {}

  /** The own latest commitment transaction. */
  record Ours(CommitmentTransaction commitment) implements FundingSpend {}

  /** A commitment transaction of the peer that it has not revoked. */
  record Theirs(Commitments.Remote commit, CommitmentTransaction commitment)
      implements FundingSpend {}

  /**
   * A commitment transaction that the peer has revoked (P1-34).
   *
   * @param keys in its scripts
   * @param outputs those recognised by their scripts; the balances of old states are not kept
   * @param htlcsKnown whether its HTLCs were recalled, so that their outputs are among those
   * @param secret the per-commitment secret that the peer revealed
   */
  record Revoked(
      long number,
      CommitmentKeys keys,
      List<CommitmentOutput> outputs,
      boolean htlcsKnown,
      ByteVector32 secret)
      implements FundingSpend {}

  /**
   * None of those: this side has lost data, or its own old commitment was published.
   *
   * @param outputs those that pay this side, as far as a script can tell
   */
  record Unknown(List<CommitmentOutput> outputs) implements FundingSpend {}

  /** For the journal and for people. */
  default String title() {
    return switch (this) {
      case Mutual mutual -> "the closing transaction";
      case Ours ours -> "the own commitment transaction";
      case Theirs theirs -> "the peer's commitment transaction " + theirs.commitment().number();
      case Revoked revoked -> "the peer's revoked commitment transaction " + revoked.number();
      case Unknown unknown -> "an unknown transaction";
    };
  }

  /**
   * How the channel ends by it.
   *
   * @param lost whether the peer took something that was this side's to take
   */
  default Outcome outcome(boolean lost) {
    return switch (this) {
      case Mutual mutual -> Outcome.COOPERATIVE_CLOSE;
      case Ours ours -> Outcome.UNILATERAL_CLOSE;
      case Theirs theirs -> Outcome.UNILATERAL_CLOSE;
      case Revoked revoked -> lost ? Outcome.BREACH_LOST : Outcome.BREACH_REMEDIED;
      case Unknown unknown -> Outcome.UNKNOWN_CLOSE;
    };
  }

  /** How it divides what the channel holds, by the last that both signed; empty if nobody knows. */
  default Optional<Allocation> allocation(Commitments now) {
    return switch (this) {
      case Mutual mutual -> Optional.of(now.local().allocation());
      case Ours ours -> Optional.of(now.local().allocation());
      case Theirs theirs -> Optional.of(theirs.commit().allocation());
      case Revoked revoked -> Optional.empty();
      case Unknown unknown -> Optional.empty();
    };
  }

  /** Which of the own HTLCs have no output in it, so that the peer can't take them any more. */
  default List<Htlc> absent(List<Htlc> offered) {
    List<Long> present =
        switch (this) {
          case Ours ours -> ids(ours.commitment(), HtlcSide.OFFERED);
          case Theirs theirs -> ids(theirs.commitment(), HtlcSide.RECEIVED);
          case Mutual mutual -> List.of();
          case Revoked revoked -> List.of();
          case Unknown unknown -> offered.stream().map(Htlc::id).toList(); // nobody can tell
        };
    return offered.stream().filter(htlc -> !present.contains(htlc.id())).toList();
  }

  private static List<Long> ids(CommitmentTransaction commitment, HtlcSide side) {
    return commitment.htlcOutputs().stream()
        .map(CommitmentOutput.HtlcOutput::htlc)
        .filter(htlc -> htlc.side() == side)
        .map(Htlc::id)
        .toList();
  }

  /** Tells them apart. */
  static FundingSpend classify(
      Stage.Closing closing, Transaction spending, Transactions transactions, Signer signer) {
    Commitments now = closing.commitments();
    if (isMutual(closing, spending, transactions)) {
      return new Mutual();
    }
    CommitmentTransaction own = transactions.local(now);
    if (own.transaction().txid.equals(spending.txid)) {
      return new Ours(own);
    }
    CommitmentTransaction theirs = transactions.remote(now, now.remote());
    if (theirs.transaction().txid.equals(spending.txid)) {
      return new Theirs(now.remote(), theirs);
    }
    Optional<CommitmentTransaction> next =
        now.remoteNext().map(pending -> transactions.remote(now, pending.commit()));
    if (next.isPresent() && next.get().transaction().txid.equals(spending.txid)) {
      return new Theirs(now.remoteNext().orElseThrow().commit(), next.get());
    }
    return revoked(closing, spending, transactions, signer)
        .orElseGet(
            () ->
                new Unknown(
                    recognise(
                        now, spending, transactions, remoteKeys(now, transactions), List.of())));
  }

  private static boolean isMutual(
      Stage.Closing closing, Transaction spending, Transactions transactions) {
    if (closing.mutual().filter(mutual -> mutual.txid.equals(spending.txid)).isPresent()) {
      return true;
    }
    return closing.ending().filter(Stage.Ending::agreed).stream()
        .flatMap(
            ending ->
                ending.signedFees().stream()
                    .map(fee -> transactions.closing(closing.commitments(), ending, fee)))
        .anyMatch(candidate -> candidate.transaction().txid.equals(spending.txid));
  }

  private static Optional<FundingSpend> revoked(
      Stage.Closing closing, Transaction spending, Transactions transactions, Signer signer) {
    Commitments now = closing.commitments();
    long number =
        CommitmentTransaction.numberOf(spending, Transactions.obscuringFactor(now.setup()));
    if (number >= now.remote().number()) {
      return Optional.empty();
    }
    Optional<List<Htlc>> htlcs =
        closing
            .settlement()
            .recalled()
            .filter(recalled -> recalled.number() == number)
            .map(ChannelEvent.Recalled::htlcs);
    return now.remoteSecrets()
        .secret(Shachain.index(number))
        .flatMap(
            secret -> {
              var point = signer.publicKey(new PrivateKey(secret));
              CommitmentKeys keys = transactions.remoteKeys(now.setup(), point);
              List<CommitmentOutput> outputs =
                  recognise(now, spending, transactions, keys, htlcs.orElse(List.of()));
              return isTheirs(outputs)
                  ? Optional.of(new Revoked(number, keys, outputs, htlcs.isPresent(), secret))
                  : Optional.empty();
            });
  }

  /** The own old commitment bears the same number, but pays the peer, not this side, at once. */
  private static boolean isTheirs(List<CommitmentOutput> outputs) {
    return outputs.stream()
        .anyMatch(
            output ->
                output instanceof CommitmentOutput.ToLocal
                    || output instanceof CommitmentOutput.ToRemote);
  }

  private static CommitmentKeys remoteKeys(Commitments now, Transactions transactions) {
    return transactions.remoteKeys(now.setup(), now.remote().perCommitmentPoint());
  }

  private static List<CommitmentOutput> recognise(
      Commitments now,
      Transaction spending,
      Transactions transactions,
      CommitmentKeys keys,
      List<Htlc> htlcs) {
    return CommitmentTransaction.recognise(
        spending, transactions.params(now.setup(), now.funding(), false), keys, htlcs);
  }
}
