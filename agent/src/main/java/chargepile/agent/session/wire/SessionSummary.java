package chargepile.agent.session.wire;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;

/**
 * {@code session_summary} (type 32777), pile to driver: how the session ended.
 *
 * @param paidImport what both signed for energy into the car
 * @param paidExport what both signed for energy out of it
 * @param importDelivered what the meter says went into the car
 * @param exportDelivered what the meter says came out of it
 * @param receipt the meter's signed records of the whole session, one for each direction that
 *     energy flowed in, in ASCII with a line feed between them; empty where the meter signs none
 */
public record SessionSummary(
    SessionId sessionId,
    StopReason reason,
    SessionTotals.Total paidImport,
    SessionTotals.Total paidExport,
    MilliWattHours importDelivered,
    MilliWattHours exportDelivered,
    ByteVector receipt)
    implements SessionMessage {
  /** One of a pile whose meter signs nothing. */
  public SessionSummary(
      SessionId sessionId,
      StopReason reason,
      SessionTotals.Total paidImport,
      SessionTotals.Total paidExport,
      MilliWattHours importDelivered,
      MilliWattHours exportDelivered) {
    this(
        sessionId,
        reason,
        paidImport,
        paidExport,
        importDelivered,
        exportDelivered,
        ByteVector.empty);
  }

  /** What the meter says flowed in a direction. */
  public MilliWattHours delivered(Direction direction) {
    return switch (direction) {
      case IMPORT -> importDelivered;
      case EXPORT -> exportDelivered;
    };
  }

  /** For logs: the receipt, which is long, by its size. */
  @Override
  public String toString() {
    return "SessionSummary[%s, %s, paid %s and %s, delivered %s and %s, receipt of %d bytes]"
        .formatted(
            sessionId,
            reason,
            paidImport,
            paidExport,
            importDelivered,
            exportDelivered,
            receipt.size());
  }
}
