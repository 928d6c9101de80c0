package chargepile.agent.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The way to the broker.
 *
 * @param broker {@code tcp://host:port} or {@code ssl://host:port}
 * @param passwordFile a file that holds the password and nothing else
 * @param caFile PEM certificates to trust; empty for those that Java trusts
 * @param certificateFile this client's PEM certificate
 * @param keyFile its PEM private key (PKCS #8)
 * @param heartbeat between two signs of life
 * @param publishPeer whether topics name drivers, and what they paid and have
 */
public record MqttSettings(
    URI broker,
    String clientId,
    Optional<String> username,
    Optional<Path> passwordFile,
    Optional<Path> caFile,
    Optional<Path> certificateFile,
    Optional<Path> keyFile,
    Duration heartbeat,
    boolean publishPeer,
    HomeAssistant homeAssistant) {
  /**
   * How Home Assistant learns of this pile.
   *
   * @param wanted whether it is told at all
   * @param prefix the first level of its discovery topics
   */
  public record HomeAssistant(boolean wanted, String prefix) {}

  /** Whether the connection is to be encrypted. */
  public boolean tls() {
    return "ssl".equals(broker.getScheme());
  }
}
