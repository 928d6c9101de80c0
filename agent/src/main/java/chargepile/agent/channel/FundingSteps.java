package chargepile.agent.channel;

import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.TxOut;
import java.util.Optional;

/**
 * Looking after the funding transaction: until it is deep enough, and later when a reorganisation
 * undoes it, which makes the money in the channel no money.
 */
final class FundingSteps {
  /** Blocks after which a fundee forgets a channel that was never funded (BOLT 2). */
  static final int FORGOTTEN_AFTER = 2016;

  private final OpeningSteps opening;

  FundingSteps(OpeningSteps opening) {
    this.opening = opening;
  }

  /**
   * Before the channel is used: publishes the own funding transaction while it is in no block;
   * gives up when the peer's has something else in the place of the funding output, or never comes.
   */
  void awaited(Step step, Stage.AwaitingReady stage, ChainView view) {
    Commitments now = stage.commitments();
    TxOut held = view.outputs().get(now.funding());
    if (held != null && !isFunding(now.setup(), held)) {
      opening.abandonAndTell(step, now.channelId(), "the funding output is not the one agreed");
      step.alert(
          "the peer's funding is false: output %s on the chain is not the funding output: it holds %,d sat for another script or not %,d sat"
              .formatted(now.funding(), held.amount.getSat(), now.setup().capacity().value()));
    } else if (view.depth(now.funding().txid) > 0) {
      found(step, "funding transaction mined");
    } else {
      missing(step, view.tip(), "funding transaction awaited");
      forgetUnfunded(step, now, view.tip());
    }
  }

  /**
   * Before a close is seen on the chain: a commitment can't get there without its funding, and with
   * one that the peer never publishes nothing would ever be settled.
   */
  void closing(Step step, Stage.Closing stage, ChainView view) {
    Commitments now = stage.commitments();
    if (view.outputs().containsKey(now.funding())) {
      found(step, "funding transaction mined");
    } else {
      missing(step, view.tip(), "funding transaction awaited");
      forgetUnfunded(step, now, view.tip());
    }
    if (step.next().stage() instanceof Stage.Closed) {
      stage
          .settlement()
          .funded()
          .forEach(paid -> step.wallet(new ChannelAction.Release(paid.transaction())));
    }
  }

  /**
   * Whether this side has nothing to lose with a channel that the peer was to fund: none of the
   * money is its own, and the funding is in no block. A funder that was cut off before it had the
   * signature for that transaction never publishes it and knows nothing of the channel (BOLT 2).
   * One that forgot the channel after that, and before the next block, has lost more than this side
   * can mend.
   */
  static boolean isWorthless(Channel state) {
    boolean mayBe =
        switch (state.stage()) {
          case Stage.AwaitingReady waiting -> true;
          case Stage.Closing closing -> closing.mutual().isEmpty() && closing.seen().isEmpty();
          default -> false;
        };
    if (!mayBe || !(state.stage() instanceof Stage.Funded funded)) {
      return false;
    }
    Commitments now = funded.commitments();
    return !now.setup().funder()
        && now.local().number() == 0
        && now.local().allocation().spec().toLocal().value() == 0
        && state.funding().missingSince().isPresent();
  }

  /** The funder never forgets: its funding transaction can always still be mined. */
  private void forgetUnfunded(Step step, Commitments now, BlockHeight tip) {
    Optional<BlockHeight> since = step.next().funding().missingSince();
    if (!now.setup().funder()
        && since.filter(height -> tip.value() - height.value() >= FORGOTTEN_AFTER).isPresent()) {
      String reason = "not funded for %,d blocks".formatted(FORGOTTEN_AFTER);
      opening.abandonAndTell(step, now.channelId(), reason);
      step.alert("channel %s is forgotten: %s".formatted(now.channelId(), reason));
    }
  }

  /** In use: takes no energy as long as a reorganisation has the funding transaction undone. */
  void inUse(Step step, Stage.Normal stage, ChainView view) {
    Commitments now = stage.commitments();
    boolean wasMissing = step.next().isSuspended();
    if (wasMissing && isDeepEnough(now, view)) {
      found(step, "funding transaction mined again");
      step.tell(new ChannelNotice.Usable())
          .alert("channel %s can be used again".formatted(now.channelId()));
    } else if (requiredDepth(now.setup()) > 0 && !view.outputs().containsKey(now.funding())) {
      missing(step, view.tip(), "funding transaction undone");
      if (!wasMissing) {
        String reason =
            "a reorganisation undid the funding transaction %s".formatted(now.funding().txid);
        step.tell(new ChannelNotice.Suspended(reason))
            .alert(
                "%s: channel %s takes no energy until it is mined again, under %d blocks"
                    .formatted(reason, now.channelId(), requiredDepth(now.setup())));
      }
    }
  }

  /** Whether the funding output is there as agreed, under enough blocks. */
  static boolean isDeepEnough(Commitments now, ChainView view) {
    TxOut held = view.outputs().get(now.funding());
    int depth = view.depth(now.funding().txid);
    return depth >= requiredDepth(now.setup())
        && (now.setup().funder() || (held != null && isFunding(now.setup(), held)));
  }

  private static int requiredDepth(ChannelSetup setup) {
    return setup.funder() ? setup.minimumDepth() : Math.max(1, setup.minimumDepth());
  }

  private static void missing(Step step, BlockHeight tip, String event) {
    FundingWatch known = step.next().funding();
    known.transaction().ifPresent(funding -> step.broadcast(funding, "funding transaction"));
    if (known.missingSince().isEmpty()) {
      step.to(known.missing(tip)).store(event);
    }
  }

  private static void found(Step step, String event) {
    if (step.next().funding().missingSince().isPresent()) {
      step.to(step.next().funding().found()).store(event);
    }
  }

  static boolean isFunding(ChannelSetup setup, TxOut output) {
    return output.publicKeyScript.equals(OpeningSteps.fundingScript(setup))
        && new Satoshi(output.amount.getSat()).equals(setup.capacity());
  }
}
