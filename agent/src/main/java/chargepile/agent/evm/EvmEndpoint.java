package chargepile.agent.evm;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a node answers. Its written form has scheme, host and port only: providers put their keys
 * into paths and queries.
 *
 * @param authorization the value of the Authorization header, for example {@code Bearer …}
 * @param timeout how long an answer may take, to its last byte
 */
public record EvmEndpoint(URI url, Optional<String> authorization, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  public EvmEndpoint {
    String scheme = url.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "not the address of an EVM node, which is like http://127.0.0.1:8545");
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException("user and password don't belong in a node's address");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("a timeout above zero is needed, not " + timeout);
    }
  }

  public EvmEndpoint(URI url) {
    this(url, Optional.empty(), DEFAULT_TIMEOUT);
  }

  @Override
  public String toString() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return "the EVM node at %s://%s%s".formatted(url.getScheme(), url.getHost(), port);
  }
}
