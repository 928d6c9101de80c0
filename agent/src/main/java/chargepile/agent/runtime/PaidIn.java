package chargepile.agent.runtime;

import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.EvmAddress;

/** What a pile takes for its energy, as its topics tell. */
public sealed interface PaidIn {
  /** What amounts count. */
  AmountUnit unit();

  /** Bitcoin, through the Lightning-style channel. */
  record Bitcoin() implements PaidIn {
    @Override
    public AmountUnit unit() {
      return AmountUnit.MILLISATOSHI;
    }
  }

  /**
   * A token on an EVM chain.
   *
   * @param voucherChannel the contract that holds the channels' deposits
   */
  record Token(long chainId, EvmAddress voucherChannel, EvmAddress token) implements PaidIn {
    @Override
    public AmountUnit unit() {
      return AmountUnit.BASE_UNIT;
    }
  }
}
