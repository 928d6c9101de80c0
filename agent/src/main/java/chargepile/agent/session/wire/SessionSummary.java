package chargepile.agent.session.wire;

import chargepile.agent.channel.SessionTotals;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;

/**
 * {@code session_summary} (type 32777), pile to driver: how the session ended.
 *
 * @param paidImport what both signed for energy into the car
 * @param paidExport what both signed for energy out of it
 * @param importDelivered what the meter says went into the car
 * @param exportDelivered what the meter says came out of it
 */
public record SessionSummary(
    SessionId sessionId,
    StopReason reason,
    SessionTotals.Total paidImport,
    SessionTotals.Total paidExport,
    MilliWattHours importDelivered,
    MilliWattHours exportDelivered)
    implements SessionMessage {}
