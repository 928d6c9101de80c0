package chargepile.agent.voucher.eip712;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;

/** Values as the 32-byte words of the contract ABI. */
public final class Word {
  private static final int BYTES = 32;

  private Word() {}

  /** An unsigned number of 0 or more. */
  public static ByteVector32 of(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("an unsigned number below zero: " + value);
    }
    return new ByteVector32(ByteBuffer.allocate(BYTES).putLong(BYTES - Long.BYTES, value).array());
  }

  public static ByteVector32 of(Amount value) {
    return of(value.value());
  }

  public static ByteVector32 of(EvmAddress address) {
    return new ByteVector32(new ByteVector(new byte[12]).concat(address.value()));
  }
}
