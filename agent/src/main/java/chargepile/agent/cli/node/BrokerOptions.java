package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which broker, for a command that has no configuration. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BrokerOptions {
  @Option(
      names = "--broker",
      paramLabel = "URL",
      description = "The broker: ssl://host:port, or tcp://host:port on this machine.")
  private @Nullable URI url;

  @Option(names = "--broker-user", paramLabel = "NAME", description = "A user of the broker.")
  private @Nullable String user;

  @Option(
      names = "--broker-password-file",
      paramLabel = "FILE",
      description = "The file with its password.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--broker-ca",
      paramLabel = "FILE",
      description = "PEM certificates to trust, instead of those that Java trusts.")
  private @Nullable Path authority;

  @Option(
      names = "--broker-certificate",
      paramLabel = "FILE",
      description =
          "The own PEM certificate, where the broker asks for one; chargepile certs add makes it.")
  private @Nullable Path certificate;

  @Option(names = "--broker-key", paramLabel = "FILE", description = "Its PEM key (PKCS #8).")
  private @Nullable Path key;

  /** Whether a broker was named. */
  public boolean named() {
    return url != null;
  }

  /** How the broker is reached. */
  public BrokerSettings settings(String clientId) throws CommandFailedException {
    if (url == null) {
      throw new CommandFailedException("which broker? Give --broker, such as ssl://host:8883");
    }
    return settings(clientId, url);
  }

  /** The same, for a broker that is known unless another is named. */
  public BrokerSettings settings(String clientId, URI usual) throws CommandFailedException {
    Optional<BrokerSettings.Credentials> credentials = Optional.empty();
    if (user != null) {
      String password = passwordFile == null ? "" : SecretFile.read(passwordFile);
      credentials = Optional.of(new BrokerSettings.Credentials(user, password));
    }
    try {
      return new BrokerSettings(
          url == null ? usual : url, clientId, credentials, tls().context(), Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--broker: " + e.getMessage(), e);
    }
  }

  /** {@code topics} as the broker's user has them that the certificate names, if there is one. */
  public Topics own(Topics topics) throws CommandFailedException {
    Optional<String> named = tls().user();
    try {
      return named.isEmpty() ? topics : topics.as(named.get());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "%s is for a name that can't be in a topic: %s".formatted(certificate, e.getMessage()),
          e);
    }
  }

  private TlsFiles tls() throws CommandFailedException {
    if ((certificate == null) != (key == null)) {
      throw new CommandFailedException(
          "--broker-certificate and --broker-key belong together: give both or neither");
    }
    return new TlsFiles(
        Optional.ofNullable(authority), Optional.ofNullable(certificate), Optional.ofNullable(key));
  }
}
