package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.market.desk.Metered;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.WattHours;
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
 * @param outages the desk's, with what the meter says of deliveries
 * @param receipts what sellers have signed that they were paid for orders
 */
record DeskMemory(Outages outages, Map<OrderKey, Testimony.Receipt> receipts) {
  private static final int VERSION = 3;

  /** Knew not what orders of the same time had taken. */
  private static final int SECOND = 2;

  /** Knew no meter. */
  private static final int FIRST = 1;

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
    out.list(
        outages.metered().entrySet(),
        entry ->
            out.bytes(entry.getKey().value())
                .i64(entry.getValue().available().value())
                .i64(entry.getValue().taken().value())
                .i64(entry.getValue().end().getEpochSecond()));
    out.list(
        outages.before().entrySet(),
        entry -> out.bytes(entry.getKey().value()).i64(entry.getValue().value()));
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
    if (version < FIRST || version > VERSION) {
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
    List<Map.Entry<OrderKey, Testimony.Receipt>> kept =
        in.list(
            () ->
                Map.entry(
                    new OrderKey(new ByteVector32(in.bytes())),
                    new Testimony.Receipt(in.amount(), in.vector())));
    Map<OrderKey, Testimony.Receipt> receipts = new HashMap<>();
    kept.forEach(entry -> receipts.put(entry.getKey(), entry.getValue()));
    Map<OrderKey, Metered> metered = new HashMap<>();
    if (version != FIRST) {
      in.list(() -> Map.entry(new OrderKey(new ByteVector32(in.bytes())), metered(in)))
          .forEach(entry -> metered.put(entry.getKey(), entry.getValue()));
    }
    Map<OrderKey, WattHours> before = new HashMap<>();
    if (version > SECOND) {
      in.list(() -> Map.entry(new OrderKey(new ByteVector32(in.bytes())), new WattHours(in.i64())))
          .forEach(entry -> before.put(entry.getKey(), entry.getValue()));
    }
    Outages outages =
        new Outages(
            last,
            served,
            missed.stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Duration::plus)),
            metered,
            before);
    return new DeskMemory(outages, receipts);
  }

  private static Metered metered(StateReader in) {
    return new Metered(
        new WattHours(in.i64()), new WattHours(in.i64()), Instant.ofEpochSecond(in.i64()));
  }
}
