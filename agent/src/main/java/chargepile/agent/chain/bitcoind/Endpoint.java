package chargepile.agent.chain.bitcoind;

import java.net.URI;
import java.time.Duration;

/**
 * Where a node answers.
 *
 * @param url scheme, host and port of the RPC, for example {@code http://127.0.0.1:8332}
 * @param timeout how long an answer may take; a block of 4 MB from a Pi's disk needs seconds
 */
public record Endpoint(URI url, Credentials credentials, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  public Endpoint {
    String scheme = url.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "not the address of a Bitcoin node, which is like http://127.0.0.1:8332: " + url);
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException("user and password don't belong in a node's address");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("a timeout above zero is needed, not " + timeout);
    }
  }

  public Endpoint(URI url, Credentials credentials) {
    this(url, credentials, DEFAULT_TIMEOUT);
  }
}
