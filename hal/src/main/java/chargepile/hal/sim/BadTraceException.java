package chargepile.hal.sim;

import java.io.Serial;

/** A trace that cannot be replayed; the message names file, line, what is wrong and what to do. */
public final class BadTraceException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BadTraceException(String message) {
    super(message);
  }

  BadTraceException(String message, Throwable cause) {
    super(message, cause);
  }
}
