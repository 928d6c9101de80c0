package chargepile.agent.session.wire;

import chargepile.agent.units.SessionId;

/**
 * {@code session_stop} (type 32775), either side: the session is to end, or is not begun.
 *
 * @param text for people, printable ASCII
 */
public record SessionStop(SessionId sessionId, StopReason reason, String text)
    implements SessionMessage {}
