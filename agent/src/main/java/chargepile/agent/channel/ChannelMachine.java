package chargepile.agent.channel;

import chargepile.agent.channel.wire.AcceptChannel;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.ChannelReestablish;
import chargepile.agent.channel.wire.ClosingSigned;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.FundingCreated;
import chargepile.agent.channel.wire.FundingSigned;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.channel.wire.RevokeAndAck;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import chargepile.agent.channel.wire.Warning;
import java.util.Optional;

/**
 * The penalty channel between a pile and a driver: every event in every stage has an answer, and
 * the answer is all that happens. Stateless itself; thread-safe.
 */
public final class ChannelMachine {
  private static final String NEVER_FUNDED =
      "the peer, which was to fund it, does not know it any more";

  private final OpeningSteps opening;
  private final FundingSteps funding;
  private final FeerateSteps feerates;
  private final UpdatingSteps updating;
  private final HtlcSteps htlcs;
  private final EndingSteps ending;
  private final ReestablishSteps reestablish;
  private final SettlingSteps settling;
  private final RecoverySteps recovery;
  private final CommandSteps commands;

  public ChannelMachine(ChannelContext context) {
    Transactions transactions = new Transactions(context.signer(), context.keys());
    CommitmentExchange exchange = new CommitmentExchange(context, transactions);
    this.opening = new OpeningSteps(context, transactions, exchange);
    this.funding = new FundingSteps(opening);
    this.settling = new SettlingSteps(context, transactions);
    this.ending = new EndingSteps(context, transactions, settling);
    Proposing proposing = new Proposing(exchange);
    this.htlcs = new HtlcSteps(proposing, ending, settling);
    this.updating = new UpdatingSteps(context, exchange, proposing, htlcs, ending);
    this.feerates = new FeerateSteps(context.settings(), updating);
    this.reestablish = new ReestablishSteps(context, exchange, updating, htlcs, ending, settling);
    this.recovery = new RecoverySteps(context, transactions);
    this.commands = new CommandSteps(opening, updating, htlcs, ending, settling);
  }

  /** The answer to {@code event} in {@code state}. */
  public ChannelTransition on(Channel state, ChannelEvent event) {
    Step step = new Step(state);
    switch (event) {
      case ChannelEvent.Command command -> commands.on(step, command);
      case ChannelEvent.FundingBuilt built -> {
        if (state.stage() instanceof Stage.AwaitingFunding stage) {
          opening.fundingBuilt(step, stage, built.transaction());
        } else {
          step.wallet(new ChannelAction.Release(built.transaction()));
        }
      }
      case ChannelEvent.FundingFailed failed -> {
        if (state.stage() instanceof Stage.AwaitingFunding stage) {
          opening.abandonAndTell(step, stage.opening().temporaryId(), "funding failed");
          step.alert("the wallet could not fund the channel: " + failed.reason());
        }
      }
      case ChannelEvent.FeeAdded added -> {
        if (state.stage() instanceof Stage.Closing stage) {
          settling.feeAdded(step, stage, added);
        } else {
          step.wallet(new ChannelAction.Release(added.transaction()));
        }
      }
      case ChannelEvent.FeeFailed failed -> {
        if (state.stage() instanceof Stage.Closing stage) {
          settling.feeFailed(step, stage, failed);
        }
      }
      case ChannelEvent.Recalled recalled -> {
        if (state.stage() instanceof Stage.Closing stage) {
          settling.recalled(step, stage, recalled);
        }
      }
      case ChannelEvent.Connected connected -> connected(step);
      case ChannelEvent.Disconnected disconnected -> disconnected(step);
      case ChannelEvent.Superseded superseded -> {
        if (FundingSteps.isWorthless(state)) {
          opening.abandon(step, NEVER_FUNDED);
        }
      }
      case ChannelEvent.Received received -> {
        return received(state, received.message());
      }
      case ChannelEvent.ChainChanged changed -> chainChanged(step, changed.view());
    }
    return step.done();
  }

  private void connected(Step step) {
    forgetLink(step); // a restart or a missed end of the last link says no Disconnected
    switch (step.next().stage()) {
      case Stage.Funded funded -> step.to(Link.SYNCING).send(reestablish.say(funded.commitments()));
      case Stage.Recovering stage -> step.to(Link.SYNCING).send(recovery.say(stage.kept()));
      default -> step.to(Link.UP);
    }
  }

  private void disconnected(Step step) {
    step.to(Link.DOWN);
    forgetLink(step);
  }

  /** What was only said is undone, and an opening without funding is given up. */
  private void forgetLink(Step step) {
    switch (step.next().stage()) {
      case Stage.Normal normal -> {
        HtlcSteps.lapseWithLink(step, normal.commitments());
        step.to(new Stage.Normal(normal.commitments().withoutProposed(), normal.closing()));
      }
      case Stage.Funded funded -> {}
      case Stage.Recovering recovering -> {}
      case Stage.Absent absent -> {}
      case Stage.Closed closed -> {}
      default -> opening.abandon(step, "the link was lost before the channel was funded");
    }
  }

  private ChannelTransition received(Channel state, ChannelMessage message) {
    Step step = new Step(state);
    try {
      heard(step, message);
      return step.done();
    } catch (ProtocolException e) {
      return broken(new Step(state), message, e.reason());
    }
  }

  /** The peer broke a rule: nothing of its message counts, and the channel ends (BOLT 2). */
  private ChannelTransition broken(Step step, ChannelMessage message, String reason) {
    String text = "%s: %s".formatted(message.getClass().getSimpleName(), reason);
    switch (step.next().stage()) {
      case Stage.AwaitingReady stage -> settling.publish(step, stage, text);
      case Stage.Normal stage -> settling.publish(step, stage, text);
      case Stage.Absent stage -> {
        if (message instanceof OpenChannel open) {
          step.send(new ErrorMessage(open.temporaryChannelId(), text));
        }
      }
      case Stage.Funded stage -> {}
      case Stage.Recovering stage -> {}
      case Stage.Closed stage -> {}
      default -> opening.giveUp(step, text);
    }
    return step.alert("the peer broke the protocol: " + text).done();
  }

  private void heard(Step step, ChannelMessage message) {
    Stage stage = step.next().stage();
    if (step.next().link() == Link.DOWN) {
      return; // of a link that is gone already
    }
    if (!Addressee.of(message).isMeantFor(stage)) {
      // BOLT 2: a message for another channel does nothing to this one.
      if (message instanceof ChannelReestablish unknown) {
        // Without a word the peer would wait for ever for a side that has lost its store.
        step.send(new ErrorMessage(unknown.channelId(), "this channel is not known here any more"));
      } else if (message instanceof OpenChannel open && stage instanceof Stage.Funded) {
        step.send(
            new ErrorMessage(
                open.temporaryChannelId(),
                "there is a channel in stage %s already; try again when it is settled"
                    .formatted(stage.title())));
      }
      return;
    }
    if (step.next().link() == Link.SYNCING
        && !(message instanceof ChannelReestablish
            || message instanceof ErrorMessage
            || message instanceof Warning)) {
      return; // said before the peer knew of the new link
    }
    switch (message) {
      case OpenChannel open -> {
        if (stage instanceof Stage.Absent) {
          opening.opened(step, open);
        } else {
          unexpected(stage);
        }
      }
      case AcceptChannel accept -> {
        if (stage instanceof Stage.AwaitingAccept waiting) {
          opening.accepted(step, waiting, accept);
        } else {
          unexpected(stage);
        }
      }
      case FundingCreated created -> {
        if (stage instanceof Stage.AwaitingFundingCreated waiting) {
          opening.fundingCreated(step, waiting, created);
        } else {
          unexpected(stage);
        }
      }
      case FundingSigned signed -> {
        if (stage instanceof Stage.AwaitingFundingSigned waiting) {
          opening.fundingSigned(step, waiting, signed);
        } else {
          unexpected(stage);
        }
      }
      case ChannelReady ready -> {
        if (stage instanceof Stage.AwaitingReady waiting) {
          updating.heardReady(step, waiting, ready);
        }
        // Later it is only said again after a reconnection.
      }
      case ChannelReestablish again -> {
        if (stage instanceof Stage.Funded funded) {
          reestablish.heard(step, funded, again);
        } else if (stage instanceof Stage.Recovering recovering) {
          recovery.heard(step, recovering);
        } else {
          step.send(new ErrorMessage(again.channelId(), "this channel is not known or settled"));
        }
      }
      case ErrorMessage error -> error(step, error);
      case Warning warning -> step.tell(new ChannelNotice.PeerObjected(warning.text()));
      case EnergyUpdate update -> inNormal(step, n -> updating.proposed(step, n, update));
      case UpdateFee update -> inNormal(step, n -> updating.proposed(step, n, update));
      case CommitmentSigned signed -> inNormal(step, n -> updating.signed(step, n, signed));
      case RevokeAndAck revoked -> inNormal(step, n -> updating.revoked(step, n, revoked));
      case Shutdown shutdown -> inNormal(step, n -> ending.heard(step, n, shutdown));
      case ClosingSigned signed -> inNormal(step, n -> ending.closingSigned(step, n, signed));
      case UpdateAddHtlc add -> inNormal(step, n -> htlcs.added(step, n, add));
      case UpdateFulfillHtlc done -> inNormal(step, n -> htlcs.fulfilled(step, n, done));
      case UpdateFailHtlc failed -> inNormal(step, n -> htlcs.failed(step, n, failed));
    }
  }

  private interface InNormal {
    void accept(Stage.Normal stage);
  }

  private void inNormal(Step step, InNormal answer) {
    switch (step.next().stage()) {
      case Stage.Normal normal -> answer.accept(normal);
      case Stage.Closing closing -> {} // crossed the own close
      case Stage.DataLost lost -> {}
      case Stage.Recovering recovering -> {}
      case Stage.Closed closed -> {}
      case Stage other -> unexpected(other);
    }
  }

  private void error(Step step, ErrorMessage error) {
    step.tell(new ChannelNotice.PeerObjected(error.text()));
    switch (step.next().stage()) {
      case Stage.AwaitingReady stage when FundingSteps.isWorthless(step.next()) ->
          opening.abandon(step, NEVER_FUNDED);
      case Stage.AwaitingReady stage -> settling.publish(step, stage, "error from the peer");
      case Stage.Normal stage -> settling.publish(step, stage, "error from the peer");
      case Stage.Funded stage -> {}
      case Stage.Recovering stage -> {}
      case Stage.Closed stage -> {}
      case Stage.Absent stage -> {}
      default -> opening.abandon(step, "the peer gave up: " + error.text());
    }
  }

  private void chainChanged(Step step, ChainView view) {
    if (step.next().stage() instanceof Stage.Recovering recovering) {
      recovery.look(step, recovering, view);
      return;
    }
    if (!(step.next().stage() instanceof Stage.Funded funded)) {
      return;
    }
    Commitments now = funded.commitments();
    Optional<ChainView.Spend> spend = Optional.ofNullable(view.spends().get(now.funding()));
    switch (funded) {
      case Stage.Closing closing when spend.isEmpty() -> {
        funding.closing(step, closing, view);
        if (step.next().stage() instanceof Stage.Closing) {
          settling.settle(step, closing, spend, view);
        }
      }
      case Stage.Closing closing -> settling.settle(step, closing, spend, view);
      case Stage.AwaitingReady waiting when spend.isEmpty() -> {
        funding.awaited(step, waiting, view);
        if (step.next().stage() instanceof Stage.AwaitingReady) {
          updating.advance(step, waiting, FundingSteps.isDeepEnough(now, view));
        }
      }
      case Stage.AwaitingReady waiting -> settling.spent(step, waiting, spend.get(), view);
      case Stage.Normal normal when spend.isEmpty() -> {
        funding.inUse(step, normal, view);
        feerates.follow(step, normal, view);
        HtlcRules.deadline(now, view.tip())
            .ifPresent(
                reason -> settling.publish(step, (Stage.Normal) step.next().stage(), reason));
      }
      case Stage.Normal normal -> settling.spent(step, normal, spend.get(), view);
      case Stage.DataLost lost -> spend.ifPresent(spent -> settling.spent(step, lost, spent, view));
    }
    HtlcSteps.lapseWithClose(step);
  }

  private static void unexpected(Stage stage) {
    throw new ProtocolException("not expected in stage " + stage.title());
  }
}
