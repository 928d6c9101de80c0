package chargepile.agent.ocmf;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * When the meter was read, to the millisecond, and what the clock is worth (OCMF, field {@code
 * TM}).
 */
public record ReadingTime(OffsetDateTime at, ClockStatus clock) {
  // With a comma, and no colon in the zone: any other form is silently no time to the software.
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss,SSSxx", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  public ReadingTime {
    at = at.truncatedTo(ChronoUnit.MILLIS);
    if (at.getYear() < 0 || at.getYear() > 9999) {
      throw new IllegalArgumentException("no year of four digits: " + at);
    }
  }

  /** In universal time. */
  public static ReadingTime of(Instant at, ClockStatus clock) {
    return new ReadingTime(at.atOffset(ZoneOffset.UTC), clock);
  }

  /**
   * @throws IllegalArgumentException when the text has another form
   */
  static ReadingTime parse(String text) {
    int space = text.indexOf(' ');
    ClockStatus clock =
        ClockStatus.of(text.substring(space + 1))
            .orElseThrow(() -> new IllegalArgumentException("no clock status behind " + text));
    try {
      return new ReadingTime(
          OffsetDateTime.parse(text.substring(0, Math.max(0, space)), FORM), clock);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time: " + text, e);
    }
  }

  /** As it stands in a record. */
  @Override
  public String toString() {
    return FORM.format(at) + " " + clock.letter();
  }
}
