package chargepile.agent.market.order.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a meter says of an order's delivery when it is over (P2-11).
 *
 * @param available what was ready within the window; at least {@code taken}
 * @param taken what flowed
 * @param readAt whole seconds, not before the end of the delivery
 */
public record MeterRecord(OrderKey order, WattHours available, WattHours taken, Instant readAt)
    implements OrderMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash("MeterRecord(bytes32 order,uint64 availableWh,uint64 takenWh,uint40 readAt)");

  public MeterRecord {
    if (available.compareTo(taken) < 0) {
      throw new IllegalArgumentException("what was taken was available");
    }
    if (!readAt.truncatedTo(ChronoUnit.SECONDS).equals(readAt)) {
      throw new IllegalArgumentException("a meter is read at a whole second");
    }
  }

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE,
        order.value(),
        Eip712.word(available.value()),
        Eip712.word(taken.value()),
        Eip712.word(readAt.getEpochSecond()));
  }
}
