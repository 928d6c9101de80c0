package chargepile.agent.codec;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads what {@link StateWriter} wrote; lengths are checked before anything is allocated. */
public final class StateReader {
  private final ByteBuffer in;

  public StateReader(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  /**
   * Reads a whole state.
   *
   * @param what for the error
   * @throws MalformedStateException when the bytes are not what {@code body} reads, to the last one
   */
  public static <T> T whole(String what, byte[] bytes, Function<StateReader, T> body) {
    StateReader reader = new StateReader(bytes);
    try {
      T value = body.apply(reader);
      if (reader.in.hasRemaining()) {
        throw new MalformedStateException(
            what + ": " + reader.in.remaining() + " bytes are left over");
      }
      return value;
    } catch (BufferUnderflowException e) {
      throw new MalformedStateException(what + ": it ends too early", e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedStateException(what + ": " + e.getMessage(), e);
    }
  }

  public int u8() {
    return Byte.toUnsignedInt(in.get());
  }

  public int i32() {
    return in.getInt();
  }

  public long i64() {
    return in.getLong();
  }

  public boolean flag() {
    int value = u8();
    if (value > 1) {
      throw new MalformedStateException("a flag is 0 or 1, not " + value);
    }
    return value == 1;
  }

  private byte[] fixed(int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }

  public byte[] bytes() {
    return fixed(i32());
  }

  public ByteVector vector() {
    return new ByteVector(bytes());
  }

  public ByteVector vector(int length) {
    return new ByteVector(fixed(length));
  }

  public ByteVector32 vector32() {
    return new ByteVector32(fixed(32));
  }

  public ByteVector64 vector64() {
    return new ByteVector64(fixed(64));
  }

  public PublicKey key() {
    return new PublicKey(fixed(33));
  }

  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public Amount amount() {
    return new Amount(i64());
  }

  public Satoshi satoshi() {
    return new Satoshi(i64());
  }

  public Feerate feerate() {
    return new Feerate(i64());
  }

  public MilliWattHours energy() {
    return new MilliWattHours(i64());
  }

  public Transaction transaction() {
    byte[] bytes = bytes();
    try {
      return Transaction.read(new ByteVector(bytes).toHex());
    } catch (RuntimeException e) {
      throw new MalformedStateException("not a transaction", e);
    }
  }

  public <T> Optional<T> optional(Supplier<T> reader) {
    return flag() ? Optional.of(reader.get()) : Optional.empty();
  }

  public <T> List<T> list(Supplier<T> reader) {
    int size = i32();
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException(); // every element has a byte at least
    }
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(reader.get());
    }
    return List.copyOf(values);
  }
}
