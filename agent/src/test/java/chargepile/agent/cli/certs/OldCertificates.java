package chargepile.agent.cli.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommandRun;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;

/** Certificates that the commands would not make. */
public final class OldCertificates {
  private OldCertificates() {}

  /** A new authority in {@code folder}, for a broker on this machine, as the command makes it. */
  public static void authority(Path folder) {
    CommandRun run = CommandRun.of("certs", "init", folder, "--broker-host", "localhost");
    assertEquals(0, run.exit(), run.err());
  }

  /** The pair of a client that the authority in {@code folder} made out for another time. */
  public static void issue(Path folder, String name, Instant from, Instant until)
      throws CommandFailedException {
    CertificateFiles unused =
        Authority.open(folder, Instant.now(), new SecureRandom())
            .issue(
                name,
                name,
                new CertificateText.Purpose.Client(),
                new Authority.Validity(from, until));
  }
}
