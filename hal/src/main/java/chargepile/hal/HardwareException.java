package chargepile.hal;

import java.io.Serial;

/** The hardware refused or is not there; the message says what, where, and what to do. */
public final class HardwareException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** A refusal in words for the person who must act. */
  public HardwareException(String message) {
    super(message);
  }

  /** The same, with what caused it. */
  public HardwareException(String message, Throwable cause) {
    super(message, cause);
  }
}
