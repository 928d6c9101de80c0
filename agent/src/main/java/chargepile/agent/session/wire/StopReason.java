package chargepile.agent.session.wire;

/**
 * Why a session ends, or why an offer is not taken. Nothing is decided by a peer's reason alone, so
 * that a program that does not know one yet goes on with {@link #OTHER}.
 */
public enum StopReason {
  /** A code that this side does not know. */
  OTHER(0),
  /** The driver wants no more. */
  DRIVER_STOPPED(1),
  /** The pile's operator ended it. */
  OPERATOR_STOPPED(2),
  /** The plug was pulled. */
  UNPLUGGED(3),
  /** The agreed energy has flowed. */
  ENERGY_LIMIT(4),
  /** What the driver wants to spend is spent. */
  MONEY_LIMIT(5),
  /** The agreed time is over. */
  TIME_LIMIT(6),
  /** The payer's balance in the channel does not cover more. */
  BALANCE_EXHAUSTED(7),
  /** The meter, the plug sensor or the contactor can't be trusted. */
  FAULT(8),
  /** The peer was not heard for too long. */
  PEER_SILENT(9),
  /** The peer refused an update of the channel. */
  UPDATE_REFUSED(10),
  /** The channel is being closed. */
  CHANNEL_CLOSING(11),
  /** The terms do not fit what the driver allows. */
  TERMS_REFUSED(12),
  /** The session is not known here. */
  UNKNOWN_SESSION(13),
  /** Nobody answered the offer. */
  OFFER_EXPIRED(14),
  /** Nothing was metered for long: the car is full, or the meter is dead. */
  NOTHING_METERED(15),
  /** The driver can't watch the chain, so it risks nothing more. */
  CHAIN_OUT_OF_SIGHT(16),
  /** The pile has no certificate that the driver takes. */
  NOT_CERTIFIED(17),
  /** What was agreed to beforehand holds no more, or what another agreed to has begun (P2-11). */
  AGREEMENT_OVER(18);

  private final int code;

  StopReason(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The reason with a number; {@link #OTHER} for one that is not known. */
  public static StopReason of(int code) {
    for (StopReason reason : values()) {
      if (reason.code == code) {
        return reason;
      }
    }
    return OTHER;
  }
}
