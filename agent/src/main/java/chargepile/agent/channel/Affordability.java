package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Satoshi;

/** Whether a side keeps its reserve, and the funder the commitment's fee, after it has paid. */
final class Affordability {
  private Affordability() {}

  /**
   * Checks the balance of the side that pays.
   *
   * @param allocation the commitment's next division, from its owner's view
   * @param ownerIsLocal whether the own side owns the commitment
   * @param payerIsLocal whether the own side pays
   * @throws InsufficientBalanceException when it would keep less than it must
   */
  static void check(
      ChannelSetup setup, Allocation allocation, boolean ownerIsLocal, boolean payerIsLocal) {
    Amount balance = balance(allocation.spec(), ownerIsLocal == payerIsLocal);
    Amount kept = mustKeep(setup, allocation.spec(), ownerIsLocal, payerIsLocal);
    if (balance.compareTo(kept) < 0) {
      throw new InsufficientBalanceException(balance, kept);
    }
  }

  private static Amount balance(CommitmentSpec spec, boolean ownersOwn) {
    return ownersOwn ? spec.toLocal() : spec.toRemote();
  }

  private static Amount mustKeep(
      ChannelSetup setup, CommitmentSpec spec, boolean ownerIsLocal, boolean payerIsLocal) {
    ChannelSetup.Party payer = payerIsLocal ? setup.local() : setup.remote();
    ChannelSetup.Party owner = ownerIsLocal ? setup.local() : setup.remote();
    Satoshi kept = payer.reserve();
    if (setup.funder() == payerIsLocal) {
      kept = kept.plus(CommitmentTransaction.funderCost(spec, owner.dustLimit()));
    }
    return kept.toAmount();
  }
}
