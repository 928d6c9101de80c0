package chargepile.agent.voucher.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.codec.TlvStream;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one message in order and names the field that is wrong. */
final class WireReader {
  /** What the contract holds a challenge period in. */
  private static final long LONGEST_PERIOD = 0xffff_ffffL;

  private final String wireName;
  private final ByteBuffer in;

  WireReader(String wireName, ByteBuffer in) {
    this.wireName = wireName;
    this.in = in;
  }

  long u64(String field) throws MalformedMessageException {
    long value = need(field, 8).getLong();
    if (value < 0) {
      throw malformed(field, Long.toUnsignedString(value) + " is above " + Long.MAX_VALUE);
    }
    return value;
  }

  Amount amount(String field) throws MalformedMessageException {
    return new Amount(u64(field));
  }

  MilliWattHours energy(String field) throws MalformedMessageException {
    return new MilliWattHours(u64(field));
  }

  Duration seconds(String field) throws MalformedMessageException {
    long seconds = u64(field);
    if (seconds > LONGEST_PERIOD) {
      throw malformed(field, seconds + " is above " + LONGEST_PERIOD);
    }
    return Duration.ofSeconds(seconds);
  }

  EvmAddress address(String field) throws MalformedMessageException {
    return new EvmAddress(bytes(field, 20));
  }

  VoucherChannelId channel(String field) throws MalformedMessageException {
    return new VoucherChannelId(new ByteVector32(bytes(field, 32)));
  }

  Optional<VoucherChannelId> channel(String field, @Nullable ByteVector record)
      throws MalformedMessageException {
    if (record == null) {
      return Optional.empty();
    }
    WireReader inner = new WireReader(wireName, ByteBuffer.wrap(record.toByteArray()));
    VoucherChannelId id = inner.channel(field);
    inner.whole(field);
    return Optional.of(id);
  }

  SessionId session(String field) throws MalformedMessageException {
    return new SessionId(bytes(field, 16));
  }

  Direction direction(String field) throws MalformedMessageException {
    int value = need(field, 1).get() & 0xff;
    return switch (value) {
      case 0 -> Direction.IMPORT;
      case 1 -> Direction.EXPORT;
      default -> throw malformed(field, value + " is not 0 or 1");
    };
  }

  EvmSignature signature(String field) throws MalformedMessageException {
    try {
      return EvmSignature.of(bytes(field, EvmSignature.BYTES));
    } catch (IllegalArgumentException e) {
      throw malformed(field, String.valueOf(e.getMessage()));
    }
  }

  Proof proof(String field) throws MalformedMessageException {
    Amount cumulative = amount(field + " cumulative");
    long seq = u64(field + " seq");
    if (seq == 0) {
      throw malformed(field + " seq", "vouchers are numbered from 1");
    }
    return new Proof(
        cumulative,
        seq,
        new ByteVector32(bytes(field + " evidence", 32)),
        signature(field + " signature"));
  }

  /** The proof in a record of a TLV stream, if it is there. */
  Optional<Proof> proof(String field, @Nullable ByteVector record)
      throws MalformedMessageException {
    if (record == null) {
      return Optional.empty();
    }
    WireReader inner = new WireReader(wireName, ByteBuffer.wrap(record.toByteArray()));
    Proof proof = inner.proof(field);
    inner.whole(field);
    return Optional.of(proof);
  }

  long lockId(String field) throws MalformedMessageException {
    long id = u64(field);
    if (id == 0) {
      throw malformed(field, "locks are numbered from 1");
    }
    return id;
  }

  ByteVector32 bytes32(String field) throws MalformedMessageException {
    return new ByteVector32(bytes(field, 32));
  }

  LockProof lock(String field) throws MalformedMessageException {
    return new LockProof(
        lockId(field + " lock_id"),
        amount(field + " amount"),
        bytes32(field + " hashlock"),
        u64(field + " expiry"),
        proof(field));
  }

  /** The lock in a record of a TLV stream, if it is there. */
  Optional<LockProof> lock(String field, @Nullable ByteVector record)
      throws MalformedMessageException {
    if (record == null) {
      return Optional.empty();
    }
    WireReader inner = new WireReader(wireName, ByteBuffer.wrap(record.toByteArray()));
    LockProof lock = inner.lock(field);
    inner.whole(field);
    return Optional.of(lock);
  }

  /** The bytes of a record of a TLV stream; none when it is not there. */
  ByteVector bytes(String field, @Nullable ByteVector record, int most)
      throws MalformedMessageException {
    if (record == null) {
      return ByteVector.empty;
    }
    if (record.size() > most) {
      throw malformed(field, "%d bytes are more than %d".formatted(record.size(), most));
    }
    return record;
  }

  /** Text made safe to show: what is not printable ASCII becomes a question mark. */
  String text(String field) throws MalformedMessageException {
    int length = need(field + " length", 2).getShort() & 0xffff;
    if (length > WireWriter.TEXT_BYTES) {
      throw malformed(field, "%d bytes are more than %d".formatted(length, WireWriter.TEXT_BYTES));
    }
    ByteVector raw = bytes(field, length);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      byte c = raw.get(i);
      text.append(c >= ' ' && c <= '~' ? (char) c : '?');
    }
    return text.toString();
  }

  /** The end of a message of whose records none is known. */
  void end() throws MalformedMessageException {
    var unused = end(Set.of());
  }

  /** The records of {@code known} types at the end of the message, by type. */
  Map<Long, ByteVector> end(Set<Long> known) throws MalformedMessageException {
    try {
      return TlvStream.read(in, known);
    } catch (IllegalArgumentException e) {
      throw malformed("TLV stream", String.valueOf(e.getMessage()));
    }
  }

  private void whole(String field) throws MalformedMessageException {
    if (in.hasRemaining()) {
      throw malformed(field, in.remaining() + " bytes are left over");
    }
  }

  private MalformedMessageException malformed(String field, String problem) {
    return new MalformedMessageException(wireName, field, problem);
  }

  private ByteVector bytes(String field, int count) throws MalformedMessageException {
    need(field, count);
    byte[] value = new byte[count];
    in.get(value);
    return new ByteVector(value);
  }

  private ByteBuffer need(String field, int count) throws MalformedMessageException {
    if (in.remaining() < count) {
      throw malformed(field, "needs %d bytes, %d remain".formatted(count, in.remaining()));
    }
    return in;
  }
}
