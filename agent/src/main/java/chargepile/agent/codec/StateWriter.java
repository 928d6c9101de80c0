package chargepile.agent.codec;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the parts of a state: big-endian numbers, and bytes and lists after their length. */
public final class StateWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final DataOutputStream out = new DataOutputStream(bytes);

  private interface Output {
    void run() throws IOException;
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  public StateWriter u8(int value) {
    return write(() -> out.writeByte(value));
  }

  public StateWriter i32(int value) {
    return write(() -> out.writeInt(value));
  }

  public StateWriter i64(long value) {
    return write(() -> out.writeLong(value));
  }

  public StateWriter flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  public StateWriter bytes(byte[] value) {
    return i32(value.length).write(() -> out.write(value));
  }

  public StateWriter bytes(ByteVector value) {
    return bytes(value.toByteArray());
  }

  /** Bytes whose number the reader knows. */
  public StateWriter fixed(ByteVector value) {
    return write(() -> out.write(value.toByteArray()));
  }

  public StateWriter key(PublicKey value) {
    return fixed(value.value);
  }

  public StateWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public StateWriter amount(Amount value) {
    return i64(value.value());
  }

  public StateWriter satoshi(Satoshi value) {
    return i64(value.value());
  }

  public StateWriter feerate(Feerate value) {
    return i64(value.satoshiPerKw());
  }

  public StateWriter energy(MilliWattHours value) {
    return i64(value.value());
  }

  public StateWriter transaction(Transaction value) {
    return bytes(Transaction.write(value));
  }

  public <T> StateWriter optional(Optional<T> value, Consumer<T> writer) {
    flag(value.isPresent());
    value.ifPresent(writer);
    return this;
  }

  public <T> StateWriter list(Collection<T> values, Consumer<T> writer) {
    i32(values.size());
    values.forEach(writer);
    return this;
  }

  private StateWriter write(Output output) {
    try {
      output.run();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array can't fail to take bytes", e);
    }
    return this;
  }
}
