package chargepile.agent.session;

import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/**
 * Names a timer. Setting one that runs starts it anew.
 *
 * @param peer for the timers of one channel, its peer's node id
 */
public record TimerId(Kind kind, Optional<PublicKey> peer) {
  /** What a timer is for. */
  public enum Kind {
    /** The offer was not answered. */
    OFFER,
    /** The exposure bound is reached and the claim not settled: open the contactor. */
    BOUND,
    /** The contactor was open long enough to be closed again. */
    RECLOSE,
    /** The contactor is open; the meter's last pulses have come. */
    SETTLE,
    /** The peer was not heard, or has not signed, for too long. */
    PEER,
    /** Time to look at the meter, store the registers and publish. */
    TICK,
    /** A cooperative close has not come to an end. */
    CLOSE,
    /** The peer has not introduced itself. */
    INTRODUCTION,
    /** The chain is out of sight for as long as is borne. */
    GRACE
  }

  public static TimerId of(Kind kind) {
    return new TimerId(kind, Optional.empty());
  }

  public static TimerId of(Kind kind, PublicKey peer) {
    return new TimerId(kind, Optional.of(peer));
  }
}
