package chargepile.agent.evm;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What the voucher channel contract tells its watchers. Amounts and times that are more than theirs
 * hold are told as the largest; times are Unix seconds of the chain.
 */
public sealed interface ChannelLog {
  record Opened(
      VoucherChannelId channel,
      EvmAddress a,
      EvmAddress b,
      EvmAddress token,
      long openNonce,
      long challengePeriod)
      implements ChannelLog {}

  /**
   * A party has more in it.
   *
   * @param total what the party has in the channel now
   */
  record Deposited(VoucherChannelId channel, EvmAddress party, Amount amount, Amount total)
      implements ChannelLog {}

  record CloseRequested(VoucherChannelId channel, EvmAddress by, long settleAfter)
      implements ChannelLog {}

  record VoucherPresented(
      VoucherChannelId channel,
      EvmAddress payer,
      Amount cumulative,
      long seq,
      ByteVector32 evidence)
      implements ChannelLog {}

  record LockHeld(
      VoucherChannelId channel,
      EvmAddress payer,
      Amount cumulative,
      ByteVector32 hashlock,
      long expiry,
      long settleAfter)
      implements ChannelLog {}

  record Settled(VoucherChannelId channel, Amount payoutA, Amount payoutB, boolean cooperative)
      implements ChannelLog {}

  /** A payout that the token refused waits to be claimed. */
  record PayoutKept(EvmAddress account, EvmAddress token, Amount amount) implements ChannelLog {}

  record Claimed(EvmAddress account, EvmAddress token, EvmAddress to, Amount amount)
      implements ChannelLog {}

  record PreimageRegistered(ByteVector32 hashlock, ByteVector32 preimage) implements ChannelLog {}
}
