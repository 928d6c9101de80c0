package chargepile.agent.evm;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.evm.OutboxEntry.Attempt;
import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.rlp.RLPDecoder;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import com.esaulpaugh.headlong.rlp.RLPItem;
import com.esaulpaugh.headlong.rlp.RLPList;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The bytes of an {@link OutboxEntry}, for whoever stores it: an RLP list.
 *
 * <p>{@code [version, [key, purpose, to, data, value, gas limit, deadline], chain id, from, nonce,
 * gas limit, [[max fee, tip, raw, after, does], …], finish]}; what is absent is an empty list, and
 * so is the finish while there is none.
 */
public final class OutboxCodec {
  private static final int VERSION = 1;
  private static final int SUCCEEDED = 1;
  private static final int REVERTED = 2;
  private static final int OVERTAKEN = 3;
  private static final int ABANDONED = 4;
  private static final List<Object> ABSENT = List.of();

  private OutboxCodec() {}

  public static byte[] encode(OutboxEntry entry) {
    TransactionIntent intent = entry.intent();
    return RLPEncoder.list(
        number(VERSION),
        List.of(
            text(intent.key()),
            text(intent.purpose()),
            intent.to().<Object>map(to -> to.value().toByteArray()).orElse(ABSENT),
            intent.data().toByteArray(),
            number(intent.value().value()),
            intent.gasLimit().isPresent() ? number(intent.gasLimit().getAsLong()) : ABSENT,
            intent.deadline().<Object>map(at -> number(at.getEpochSecond())).orElse(ABSENT)),
        number(entry.chainId()),
        entry.from().value().toByteArray(),
        number(entry.nonce()),
        number(entry.gasLimit()),
        entry.attempts().stream()
            .map(
                attempt ->
                    List.of(
                        number(attempt.bid().max().value()),
                        number(attempt.bid().tip().value()),
                        attempt.raw().toByteArray(),
                        number(attempt.after()),
                        number(attempt.does() ? 1 : 0)))
            .toList(),
        entry.finish().map(OutboxCodec::fields).orElse(ABSENT));
  }

  private static List<Object> fields(Finish finish) {
    return switch (finish) {
      case Finish.Succeeded(var transaction, long block, var hash, var contract) ->
          List.of(
              number(SUCCEEDED),
              number(block),
              hash.toByteArray(),
              transaction.toByteArray(),
              contract.<Object>map(made -> made.value().toByteArray()).orElse(ABSENT));
      case Finish.Reverted(var transaction, long block, var hash, String reason) ->
          List.of(
              number(REVERTED),
              number(block),
              hash.toByteArray(),
              transaction.toByteArray(),
              text(reason));
      case Finish.Abandoned(var transaction, long block, var hash) ->
          List.of(number(ABANDONED), number(block), hash.toByteArray(), transaction.toByteArray());
      case Finish.Overtaken(long block, var hash) ->
          List.of(number(OVERTAKEN), number(block), hash.toByteArray());
    };
  }

  /**
   * The entry of some bytes.
   *
   * @throws IllegalArgumentException when they are not exactly an entry
   */
  public static OutboxEntry decode(byte[] bytes) {
    try {
      OutboxEntry entry = read(bytes);
      if (!java.util.Arrays.equals(encode(entry), bytes)) {
        throw new IllegalArgumentException("another form of it was expected");
      }
      return entry;
    } catch (RuntimeException e) {
      // headlong throws several kinds on bytes that don't fit.
      throw new IllegalArgumentException("not a transaction of the outbox: " + e.getMessage(), e);
    }
  }

  private static OutboxEntry read(byte[] bytes) {
    RLPList list = RLPDecoder.RLP_STRICT.wrapList(bytes);
    List<RLPItem> fields = fields(list, 8);
    if (list.encodingLength() != bytes.length || fields.get(0).asInt() != VERSION) {
      throw new IllegalArgumentException("another version, or more behind it");
    }
    return new OutboxEntry(
        intent(fields(fields.get(1), 7)),
        longOf(fields.get(2)),
        address(fields.get(3)),
        longOf(fields.get(4)),
        longOf(fields.get(5)),
        fields.get(6).asRLPList().elements(RLPDecoder.RLP_STRICT).stream()
            .map(item -> attempt(fields(item, 5)))
            .toList(),
        finish(fields.get(7)));
  }

  private static TransactionIntent intent(List<RLPItem> fields) {
    Optional<Long> limit = present(fields.get(5)).map(OutboxCodec::longOf);
    return new TransactionIntent(
        text(fields.get(0)),
        text(fields.get(1)),
        present(fields.get(2)).map(OutboxCodec::address),
        data(fields.get(3)),
        wei(fields.get(4)),
        limit.isPresent() ? OptionalLong.of(limit.get()) : OptionalLong.empty(),
        present(fields.get(6)).map(item -> Instant.ofEpochSecond(longOf(item))));
  }

  private static Attempt attempt(List<RLPItem> fields) {
    ByteVector raw = data(fields.get(2));
    return new Attempt(
        new FeeBid(wei(fields.get(0)), wei(fields.get(1))),
        raw,
        Keccak256.hash(raw),
        longOf(fields.get(3)),
        longOf(fields.get(4)) == 1);
  }

  private static Optional<Finish> finish(RLPItem item) {
    List<RLPItem> fields = item.asRLPList().elements(RLPDecoder.RLP_STRICT);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    int kind = fields.getFirst().asInt();
    List<RLPItem> all = fields(item, kind == OVERTAKEN ? 3 : kind == ABANDONED ? 4 : 5);
    long block = longOf(all.get(1));
    ByteVector32 hash = hash(all.get(2));
    return Optional.of(
        switch (kind) {
          case SUCCEEDED ->
              new Finish.Succeeded(
                  hash(all.get(3)), block, hash, present(all.get(4)).map(OutboxCodec::address));
          case REVERTED -> new Finish.Reverted(hash(all.get(3)), block, hash, text(all.get(4)));
          case ABANDONED -> new Finish.Abandoned(hash(all.get(3)), block, hash);
          case OVERTAKEN -> new Finish.Overtaken(block, hash);
          default -> throw new IllegalArgumentException("an unknown finish " + kind);
        });
  }

  private static List<RLPItem> fields(RLPItem item, int count) {
    List<RLPItem> fields = item.asRLPList().elements(RLPDecoder.RLP_STRICT);
    if (fields.size() != count) {
      throw new IllegalArgumentException(fields.size() + " fields instead of " + count);
    }
    return fields;
  }

  private static Optional<RLPItem> present(RLPItem item) {
    return item.isList() ? Optional.empty() : Optional.of(item);
  }

  private static EvmAddress address(RLPItem item) {
    return new EvmAddress(data(item));
  }

  private static ByteVector32 hash(RLPItem item) {
    return new ByteVector32(item.asBytes());
  }

  private static ByteVector data(RLPItem item) {
    return new ByteVector(item.asBytes());
  }

  private static Wei wei(RLPItem item) {
    return new Wei(item.asBytes().length == 0 ? BigInteger.ZERO : item.asBigInt());
  }

  private static long longOf(RLPItem item) {
    return item.asBytes().length == 0 ? 0 : item.asLong();
  }

  private static String text(RLPItem item) {
    return new String(item.asBytes(), StandardCharsets.UTF_8);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] number(long value) {
    return number(BigInteger.valueOf(value));
  }

  private static byte[] number(BigInteger value) {
    return Rlp.number(value);
  }
}
