package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is kept over restarts beside what the chain and the store hold.
 *
 * @param outages the desk's
 * @param receipts what sellers have signed that they were paid for orders
 */
record DeskMemory(Outages outages, Map<OrderKey, Testimony.Receipt> receipts) {
  private static final int VERSION = 1;

  DeskMemory {
    receipts = Map.copyOf(receipts);
  }

  static byte[] encode(DeskMemory memory) {
    Outages outages = memory.outages();
    StateWriter out = new StateWriter();
    out.u8(VERSION);
    out.optional(outages.last(), last -> out.i64(last.getEpochSecond()));
    out.flag(outages.served());
    out.list(
        outages.missed().entrySet(),
        entry -> out.bytes(entry.getKey().value()).i64(entry.getValue().toSeconds()));
    out.list(
        memory.receipts().entrySet(),
        entry ->
            out.bytes(entry.getKey().value())
                .amount(entry.getValue().paid())
                .bytes(entry.getValue().signature()));
    return out.toByteArray();
  }

  /**
   * @throws MalformedStateException when the bytes are damaged or another program's
   */
  static DeskMemory decode(byte[] bytes) {
    return StateReader.whole("market desk", bytes, DeskMemory::read);
  }

  private static DeskMemory read(StateReader in) {
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedStateException(
          "market desk: version %d, this program knows %d".formatted(version, VERSION));
    }
    Optional<Instant> last = in.optional(() -> Instant.ofEpochSecond(in.i64()));
    boolean served = in.flag();
    List<Map.Entry<OrderKey, Duration>> missed =
        in.list(
            () ->
                Map.entry(
                    new OrderKey(new ByteVector32(in.bytes())), Duration.ofSeconds(in.i64())));
    Outages outages =
        new Outages(
            last,
            served,
            missed.stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Duration::plus)));
    List<Map.Entry<OrderKey, Testimony.Receipt>> kept =
        in.list(
            () ->
                Map.entry(
                    new OrderKey(new ByteVector32(in.bytes())),
                    new Testimony.Receipt(in.amount(), in.vector())));
    Map<OrderKey, Testimony.Receipt> receipts = new HashMap<>();
    kept.forEach(entry -> receipts.put(entry.getKey(), entry.getValue()));
    return new DeskMemory(outages, receipts);
  }
}
