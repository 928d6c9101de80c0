package chargepile.agent.mqtt;

import java.time.Duration;

/**
 * Times and bounds of the links between peers.
 *
 * @param handshakeTimeout how long a handshake may take before the dialer starts another
 * @param longestBackoff the longest pause between two attempts of the dialer
 * @param pingInterval pause between the dialer's pings
 * @param deadAfter silence after which a link is given up; more than {@code pingInterval}
 * @param maxHalfOpen handshakes that a listener keeps unfinished, the oldest make room
 * @param maxLinks links that a listener keeps, the longest silent make room
 */
public record LinkSettings(
    Duration handshakeTimeout,
    Duration longestBackoff,
    Duration pingInterval,
    Duration deadAfter,
    int maxHalfOpen,
    int maxLinks) {
  public static final LinkSettings DEFAULTS =
      new LinkSettings(
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ofSeconds(50),
          16,
          64);

  public LinkSettings {
    if (!handshakeTimeout.isPositive() || !longestBackoff.isPositive()) {
      throw new IllegalArgumentException("handshake timeout and back-off must be above zero");
    }
    if (!pingInterval.isPositive() || deadAfter.compareTo(pingInterval) <= 0) {
      throw new IllegalArgumentException("a link must outlive its ping interval");
    }
    if (maxHalfOpen < 1 || maxLinks < 1) {
      throw new IllegalArgumentException("a listener needs room for one link");
    }
  }
}
