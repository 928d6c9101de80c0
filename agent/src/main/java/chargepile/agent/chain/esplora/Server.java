package chargepile.agent.chain.esplora;

import java.net.URI;
import java.time.Duration;

/**
 * An Esplora server.
 *
 * @param url where its API begins, for example {@code https://blockstream.info/testnet/api}
 * @param interval how often it is asked for news
 * @param timeout how long an answer may take
 */
public record Server(URI url, Duration interval, Duration timeout) {
  /** Often enough against a cheat, who must wait for blocks; public servers refuse much more. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  public Server {
    String scheme = url.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "not the address of an Esplora server, which is like"
              + " https://blockstream.info/testnet/api: "
              + url);
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw new IllegalArgumentException(
          "an Esplora server's address has neither user nor password, query nor fragment");
    }
    if (!interval.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException("an interval and a timeout above zero are needed");
    }
  }

  public Server(URI url) {
    this(url, DEFAULT_INTERVAL, DEFAULT_TIMEOUT);
  }

  /** The address of an endpoint of the API. */
  URI at(String path) {
    String base = url.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
