package chargepile.agent.voucher;

/** A side of a channel as its contract calls it. */
public enum Party {
  /** Opened it. */
  A,
  /** Was named by the other. */
  B;

  public Party other() {
    return this == A ? B : A;
  }
}
