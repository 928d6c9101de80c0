package chargepile.agent.session.wire;

import chargepile.agent.units.SessionId;

/** What pile and driver say about a charging session; it moves no money. */
public sealed interface SessionMessage
    permits SessionOffer, SessionAccept, SessionStop, SessionSummary, SessionPaid {
  SessionId sessionId();
}
