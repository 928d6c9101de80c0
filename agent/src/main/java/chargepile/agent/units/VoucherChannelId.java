package chargepile.agent.units;

import fr.acinq.bitcoin.ByteVector32;

/** The 32-byte id of a channel of balance proofs on an EVM chain, which its contract computes. */
public record VoucherChannelId(ByteVector32 value) {
  @Override
  public String toString() {
    return value.toHex();
  }
}
