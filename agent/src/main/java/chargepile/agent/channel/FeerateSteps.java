package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;

/**
 * The funder's {@code update_fee} (BOLT 2): the commitments' feerate follows that of the chain.
 * With anchors it has to be good enough for the mempool only; what a commitment lacks a child pays.
 */
final class FeerateSteps {
  private final ChannelSettings settings;
  private final UpdatingSteps updating;

  FeerateSteps(ChannelSettings settings, UpdatingSteps updating) {
    this.settings = settings;
    this.updating = updating;
  }

  /** Sets the feerate anew where it is far from the present one and nothing is under way. */
  void follow(Step step, Stage.Normal stage, ChainView view) {
    Commitments now = stage.commitments();
    if (!now.setup().funder()
        || step.next().link() != Link.UP
        || step.next().isSuspended()
        || stage.closing().isPresent()
        || !isAtRest(now)) {
      return;
    }
    Feerate present = now.local().allocation().spec().feerate();
    Feerate wanted = settings.feerate().clamp(view.feerate());
    if (isFar(present, wanted) && canAfford(now, wanted)) {
      updating.setFeerate(step, stage, new ChannelEvent.SetFeerate(wanted));
    }
  }

  /**
   * More by a quarter matters at once; less only when the funder pays for several times too much.
   */
  private static boolean isFar(Feerate present, Feerate wanted) {
    return wanted.satoshiPerKw() > present.satoshiPerKw() * 5 / 4
        || wanted.satoshiPerKw() < present.satoshiPerKw() / 3;
  }

  private static boolean isAtRest(Commitments now) {
    return now.remoteNext().isEmpty()
        && now.localChanges().isEmpty()
        && now.remoteChanges().isEmpty();
  }

  /**
   * Whether the funder keeps its reserve and the fee, and as much again: the peer's updates may
   * cross this one, and then both must still be paid.
   */
  private static boolean canAfford(Commitments now, Feerate feerate) {
    UpdateFee update = new UpdateFee(now.channelId(), feerate);
    Allocation next = now.propose(update).nextRemoteAllocation();
    ChannelSetup setup = now.setup();
    Satoshi cost = CommitmentTransaction.funderCost(next.spec(), setup.remote().dustLimit());
    Satoshi kept = setup.local().reserve().plus(cost);
    Amount balance = next.spec().toRemote();
    return balance.compareTo(kept.plus(kept).toAmount()) >= 0;
  }
}
