package chargepile.agent.ocmf;

import java.util.regex.Pattern;

/**
 * A record's number in the stream of its meter's records, which rises by one from record to record
 * (OCMF, field {@code PG}).
 *
 * @param number 0 or more
 */
public record Pagination(Context context, long number) {
  /** What a stream of records is about; each has numbers of its own. */
  public enum Context {
    TRANSACTION('T'),
    /** Readings outside of transactions. */
    FISCAL('F');

    private final char letter;

    Context(char letter) {
      this.letter = letter;
    }
  }

  private static final Pattern FORM = Pattern.compile("[TF](0|[1-9][0-9]{0,17})");

  public Pagination {
    if (number < 0) {
      throw new IllegalArgumentException("pagination below zero: " + number);
    }
  }

  public static Pagination transaction(long number) {
    return new Pagination(Context.TRANSACTION, number);
  }

  /**
   * @throws IllegalArgumentException when the text is no pagination
   */
  static Pagination parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("no pagination: " + text);
    }
    Context context =
        text.charAt(0) == Context.FISCAL.letter ? Context.FISCAL : Context.TRANSACTION;
    return new Pagination(context, Long.parseLong(text, 1, text.length(), 10));
  }

  /** Whether this is the number after {@code before}, in the same stream. */
  public boolean follows(Pagination before) {
    return context == before.context && number == before.number + 1;
  }

  /** As it stands in a record: {@code T12}. */
  @Override
  public String toString() {
    return "%s%d".formatted(context.letter, number);
  }
}
