package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.order.eip712.OrderKey;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a desk remembers, as bytes. */
final class OutagesCodec {
  private static final int VERSION = 1;

  private OutagesCodec() {}

  static byte[] encode(Outages outages) {
    StateWriter out = new StateWriter();
    out.u8(VERSION);
    out.optional(outages.last(), last -> out.i64(last.getEpochSecond()));
    out.flag(outages.served());
    out.list(
        outages.missed().entrySet(),
        entry -> out.bytes(entry.getKey().value()).i64(entry.getValue().toSeconds()));
    return out.toByteArray();
  }

  /**
   * @throws MalformedStateException when the bytes are damaged or another program's
   */
  static Outages decode(byte[] bytes) {
    return StateReader.whole("market desk", bytes, OutagesCodec::read);
  }

  private static Outages read(StateReader in) {
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
    return new Outages(
        last,
        served,
        missed.stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Duration::plus)));
  }
}
