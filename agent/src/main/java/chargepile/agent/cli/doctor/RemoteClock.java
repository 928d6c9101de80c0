package chargepile.agent.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The clock of another machine, as its HTTP answers tell it ({@code Date}, RFC 9110). */
final class RemoteClock {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private RemoteClock() {}

  /** How far it is ahead of {@code clock}; empty when it does not say. */
  static Optional<Duration> ahead(URI server, InstantSource clock) throws InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest question =
          HttpRequest.newBuilder(server)
              .timeout(PATIENCE)
              .method("HEAD", HttpRequest.BodyPublishers.noBody())
              .build();
      Instant before = clock.instant();
      HttpResponse<Void> answer = http.send(question, HttpResponse.BodyHandlers.discarding());
      Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      http.shutdownNow();
      return answer
          .headers()
          .firstValue("date")
          .flatMap(RemoteClock::read)
          .map(date -> Duration.between(middle, date));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // that it can't be asked is told by another check
    }
  }

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  static Optional<Instant> read(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
