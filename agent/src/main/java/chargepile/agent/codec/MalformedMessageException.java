package chargepile.agent.codec;

/**
 * Bytes from a peer that are not a message this side understands. Nothing was changed by them; the
 * answer is a warning or the end of the link (BOLT 1).
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String wireName;
  private final String field;
  private final String problem;

  public MalformedMessageException(String wireName, String field, String problem) {
    super("malformed " + wireName + ", " + field + ": " + problem);
    this.wireName = wireName;
    this.field = field;
    this.problem = problem;
  }

  /** The message as BOLT 2 calls it, or {@code message} when its type is not known. */
  public String wireName() {
    return wireName;
  }

  /** The field as BOLT 2 calls it. */
  public String field() {
    return field;
  }

  /** What is wrong with the field. */
  public String problem() {
    return problem;
  }
}
