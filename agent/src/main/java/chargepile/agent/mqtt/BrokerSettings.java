package chargepile.agent.mqtt;

import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How to reach an MQTT broker.
 *
 * @param url {@code tcp://host:port} or {@code ssl://host:port}
 * @param clientId unique on the broker: a second client of the same id throws the first one out
 * @param credentials user name and password, if the broker asks for them
 * @param tls keys and trust for {@code ssl://}; the JDK's own when empty
 * @param will what the broker publishes, retained, when the connection is lost
 */
public record BrokerSettings(
    URI url,
    String clientId,
    Optional<Credentials> credentials,
    Optional<SSLContext> tls,
    Optional<Will> will) {

  /** User name and password. */
  public record Credentials(String user, String password) {
    @Override
    public String toString() {
      return "Credentials[" + user + "]";
    }
  }

  /** The last will: a retained message. */
  public record Will(String topic, String payload) {}

  public BrokerSettings {
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "broker url: give user name and password as settings, not in the url");
    }
    String scheme = url.getScheme();
    if (!("tcp".equals(scheme) || "ssl".equals(scheme)) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "broker \"%s\": use tcp://host:port or ssl://host:port".formatted(url));
    }
    if (url.getPort() < 0) {
      int port = scheme.equals("tcp") ? 1883 : 8883;
      url = URI.create("%s://%s:%d".formatted(scheme, url.getHost(), port));
    }
  }

  /** A broker that asks for nothing. */
  public static BrokerSettings of(URI url, String clientId) {
    return new BrokerSettings(url, clientId, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public BrokerSettings withWill(String topic, String payload) {
    return new BrokerSettings(
        url, clientId, credentials, tls, Optional.of(new Will(topic, payload)));
  }
}
