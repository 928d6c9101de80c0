package chargepile.agent.identity;

import java.time.Instant;

/**
 * A certificate that no longer holds.
 *
 * @param serial of the certificate
 * @param since whole seconds
 */
public record Revocation(long serial, Instant since) {
  public Revocation {
    if (serial < 1) {
      throw new IllegalArgumentException("a certificate's serial number is 1 or more");
    }
    WholeSeconds.check("a revocation", since);
  }
}
