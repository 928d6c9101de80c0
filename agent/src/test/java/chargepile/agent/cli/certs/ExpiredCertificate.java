package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;

/** A certificate of the shipped authority that its command would not make. */
public final class ExpiredCertificate {
  private ExpiredCertificate() {}

  /** Makes {@code NAME.pem} and {@code NAME.key} in the authority's folder. */
  public static void issue(Path folder, String name, String subject) throws CommandFailedException {
    CertificateFiles unused =
        Authority.open(folder, Instant.now(), new SecureRandom())
            .issue(
                name,
                subject,
                new CertificateText.Purpose.Client(),
                new Authority.Validity(
                    Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z")));
  }
}
