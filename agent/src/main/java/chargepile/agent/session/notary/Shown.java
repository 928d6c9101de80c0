package chargepile.agent.session.notary;

import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a peer showed on the present link, and when it was judged.
 *
 * @param certificate the last one
 * @param times how often it introduced itself
 * @param judged when the last verdict was given, by the wall clock
 * @param verdict {@link PeerIdentity.Certified} or {@link PeerIdentity.Refused}; empty before there
 *     is one
 */
public record Shown(
    ByteVector certificate, int times, Instant judged, Optional<PeerIdentity> verdict) {
  /** A certificate that is renewed, or a refusal that is taken back, is rare. */
  private static final int MOST_TIMES = 16;

  /** What a verdict is worth: whoever sets a clock, or brings a new list, waits no longer. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  static Shown first(ByteVector certificate) {
    return new Shown(certificate, 1, Instant.EPOCH, Optional.empty());
  }

  boolean mayShowAnother() {
    return times < MOST_TIMES;
  }

  /** Another certificate has not been judged, whatever the one before was worth. */
  Shown again(ByteVector another) {
    Instant still = another.equals(certificate) ? judged : Instant.EPOCH;
    return new Shown(another, times + 1, still, verdict);
  }

  /**
   * @param found of the certificate that was looked at, be another shown since
   */
  Shown judged(ByteVector lookedAt, Instant at, PeerIdentity found) {
    Instant since = lookedAt.equals(certificate) ? at : Instant.EPOCH;
    return new Shown(certificate, times, since, Optional.of(found));
  }

  /** Whether the verdict is old, or the clock was set since: forwards or back. */
  boolean isStale(Instant now) {
    return Duration.between(judged, now).abs().compareTo(FRESH) >= 0;
  }

  boolean wasCertified() {
    return verdict.filter(PeerIdentity.Certified.class::isInstance).isPresent();
  }

  boolean wasRefused() {
    return verdict.filter(PeerIdentity.Refused.class::isInstance).isPresent();
  }
}
