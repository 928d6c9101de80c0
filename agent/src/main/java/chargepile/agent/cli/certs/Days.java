package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import java.time.Instant;
import picocli.CommandLine.Option;

/** For how long a certificate is made out. */
final class Days {
  private static final int MOST = 36_500;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "3650",
      description =
          "How long it is valid, 1 to 36500 (default ${DEFAULT-VALUE}); never longer than the"
              + " authority.")
  private int days;

  Authority.Validity from(Instant now) throws CommandFailedException {
    if (days < 1 || days > MOST) {
      throw new CommandFailedException("--days %d: use 1 to %d".formatted(days, MOST));
    }
    return Authority.Validity.days(now, days);
  }
}
