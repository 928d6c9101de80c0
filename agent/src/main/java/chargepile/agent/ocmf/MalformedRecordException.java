package chargepile.agent.ocmf;

/**
 * A text is no meter record, or none that this program can judge; the message says why. It may
 * quote what others wrote, so it is cut short and reduced to printable ASCII.
 */
public final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int LONGEST = 300;

  public MalformedRecordException(String message) {
    super(safe(message));
  }

  MalformedRecordException(String message, Throwable cause) {
    super(safe(message), cause);
  }

  private static String safe(String message) {
    StringBuilder safe = new StringBuilder();
    message
        .codePoints()
        .limit(LONGEST)
        .forEach(c -> safe.append(c >= ' ' && c <= '~' ? (char) c : '?'));
    return safe.toString();
  }
}
