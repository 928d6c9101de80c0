package chargepile.agent.cli.market;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reads the quotes of a cycle from CSV; every error tells file, line and column. */
final class QuoteFile {
  static final String HEADER = "id,party,side,price,energy_wh,round";

  /** With it the last column says what the quote's party would really take or give. */
  static final String WITH_LIMIT = HEADER + ",limit";

  private static final int LIMIT = 6;
  private static final int MOST_ROUNDS = 10_000;

  private final String name;
  private String[] columns = HEADER.split(",", -1);

  private QuoteFile(String name) {
    this.name = name;
  }

  /**
   * A line of the file.
   *
   * @param number of the line, from 1
   * @param round that it comes before, from 1; never less than the line's before
   * @param quote empty where it withdraws one
   * @param limit the party's own, per kWh, where the line says it
   */
  record Line(
      int number,
      int round,
      QuoteId id,
      Trader party,
      Optional<Quote> quote,
      Optional<Amount> limit) {}

  /** Blank lines and those that begin with {@code #} are skipped. */
  static List<Line> read(String name, String text) throws CommandFailedException {
    return new QuoteFile(name).lines(text);
  }

  private List<Line> lines(String text) throws CommandFailedException {
    List<Line> lines = new ArrayList<>();
    boolean headed = false;
    int round = 1;
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = number == 1 && raw.startsWith("\uFEFF") ? raw.substring(1) : raw;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!headed) {
        header(number, line);
        headed = true;
        continue;
      }
      Line read = line(number, line);
      if (read.round() < round) {
        throw wrong(
            number,
            column(line, 5),
            "round %d comes after round %d: sort the lines by round"
                .formatted(read.round(), round));
      }
      round = read.round();
      lines.add(read);
    }
    if (!headed) {
      throw wrong(1, 1, "the line " + HEADER + " is missing");
    }
    return lines;
  }

  private void header(int number, String line) throws CommandFailedException {
    String header = line.replace(" ", "").toLowerCase(Locale.ROOT);
    if (!header.equals(HEADER) && !header.equals(WITH_LIMIT)) {
      throw wrong(number, 1, "the first line must be %s or %s".formatted(HEADER, WITH_LIMIT));
    }
    columns = header.split(",", -1);
  }

  private Line line(int number, String line) throws CommandFailedException {
    String[] fields = line.split(",", -1);
    if (fields.length != columns.length) {
      throw wrong(
          number,
          fields.length > columns.length ? column(line, columns.length) : line.length() + 1,
          "%d fields instead of %d: %s"
              .formatted(fields.length, columns.length, String.join(",", columns)));
    }
    QuoteId id = field(number, line, 0, text -> new QuoteId(whole(text)));
    Trader party = field(number, line, 1, Trader::new);
    Side side = field(number, line, 2, QuoteFile::side);
    Amount price = field(number, line, 3, text -> new Amount(whole(text)));
    WattHours energy = field(number, line, 4, text -> new WattHours(whole(text)));
    int round = field(number, line, 5, QuoteFile::round);
    Optional<Amount> limit =
        columns.length > LIMIT ? field(number, line, LIMIT, QuoteFile::limit) : Optional.empty();
    if (energy.value() == 0) {
      return new Line(number, round, id, party, Optional.empty(), limit);
    }
    try {
      Quote quote = new Quote(id, party, side, price, energy);
      return new Line(number, round, id, party, Optional.of(quote), limit);
    } catch (IllegalArgumentException e) {
      throw wrong(number, column(line, 3), String.valueOf(e.getMessage()), e);
    }
  }

  private <T> T field(int number, String line, int index, Function<String, T> read)
      throws CommandFailedException {
    String text = line.split(",", -1)[index].strip();
    try {
      return read.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(
          number,
          column(line, index),
          "%s \"%s\": %s".formatted(columns[index], text, e.getMessage()),
          e);
    }
  }

  private static long whole(String text) {
    if (!text.matches("[0-9]+")) {
      throw new IllegalArgumentException("a whole number of 0 or more is wanted");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the number is too large", e);
    }
  }

  private static Optional<Amount> limit(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Amount limit = new Amount(whole(text));
    if (limit.compareTo(Quote.HIGHEST_PRICE) > 0) {
      throw new IllegalArgumentException("a limit is at most " + Quote.HIGHEST_PRICE.value());
    }
    return Optional.of(limit);
  }

  private static Side side(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "ask" -> Side.ASK;
      case "bid" -> Side.BID;
      default -> throw new IllegalArgumentException("ask or bid is wanted");
    };
  }

  private static int round(String text) {
    long round = whole(text);
    if (round < 1 || round > MOST_ROUNDS) {
      throw new IllegalArgumentException("rounds count from 1 to " + MOST_ROUNDS);
    }
    return (int) round;
  }

  /** Where the text of a field begins, from 1. */
  private static int column(String line, int index) {
    int at = 0;
    for (int i = 0; i < index; i++) {
      at = line.indexOf(',', at) + 1;
    }
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at + 1;
  }

  private CommandFailedException wrong(int line, int column, String what) {
    return new CommandFailedException(place(line, column) + what);
  }

  private CommandFailedException wrong(int line, int column, String what, Throwable cause) {
    return new CommandFailedException(place(line, column) + what, cause);
  }

  private String place(int line, int column) {
    return "%s, line %d, column %d: ".formatted(name, line, column);
  }
}
