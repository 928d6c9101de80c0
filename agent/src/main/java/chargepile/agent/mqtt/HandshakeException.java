package chargepile.agent.mqtt;

/** An act of the BOLT 8 handshake that failed; the handshake is over and nothing else changed. */
public final class HandshakeException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why an act failed, in the words of BOLT 8's test vectors. */
  public enum Reason {
    READ_FAILED("has the wrong length"),
    BAD_VERSION("is of an unknown version"),
    BAD_PUBKEY("carries a key that is not on the curve"),
    BAD_CIPHERTEXT("carries a static key that does not decrypt"),
    BAD_TAG("does not authenticate");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private final int act;
  private final Reason reason;

  HandshakeException(int act, Reason reason, String detail) {
    super("act %d of the handshake %s%s".formatted(act, reason.text, detail));
    this.act = act;
    this.reason = reason;
  }

  HandshakeException(int act, Reason reason) {
    this(act, reason, "");
  }

  /** 1 to 3. */
  public int act() {
    return act;
  }

  public Reason reason() {
    return reason;
  }
}
