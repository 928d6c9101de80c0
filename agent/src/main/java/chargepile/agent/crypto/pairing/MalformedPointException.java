package chargepile.agent.crypto.pairing;

/** Bytes that are no point of the group where one is expected; the message says why. */
public final class MalformedPointException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  MalformedPointException(String message) {
    super(message);
  }

  private MalformedPointException(String message, Throwable cause) {
    super(message, cause);
  }

  static MalformedPointException offCurve(String what, Throwable cause) {
    return new MalformedPointException(what + " is not on the curve", cause);
  }

  static MalformedPointException outside(String what) {
    return new MalformedPointException(what + " is outside the group of order q");
  }
}
