package chargepile.agent.json;

/** A text is not JSON, or nests too deep. */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedJsonException(String message) {
    super(message);
  }
}
