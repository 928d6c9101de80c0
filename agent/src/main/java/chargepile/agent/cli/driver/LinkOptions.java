package chargepile.agent.cli.driver;

import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.esplora.Server;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SecretFile;
import chargepile.agent.cli.node.TlsFiles;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which pile, which broker, which ledger at which node, and where the wallet remembers. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LinkOptions {
  @Option(
      names = "--pile",
      paramLabel = "ADDRESS",
      required = true,
      description = "The pile, as it says at its start: chargepile:<node id>@<broker>/<pile>.")
  private String pile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The folder of this wallet's seed and store; one for each pile.")
  private Path data;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Seal the seed with the passphrase in this file.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description =
          "tcp://host:port or ssl://host:port instead of the address's, which is ssl, or tcp on"
              + " this machine.")
  private @Nullable URI broker;

  @Option(
      names = "--broker-user",
      paramLabel = "NAME",
      description = "The broker's name for this wallet.")
  private @Nullable String brokerUser;

  @Option(
      names = "--broker-password-file",
      paramLabel = "FILE",
      description = "The file with its password.")
  private @Nullable Path brokerPasswordFile;

  @Option(
      names = "--broker-ca",
      paramLabel = "FILE",
      description = "PEM certificates to trust, instead of those that Java trusts.")
  private @Nullable Path brokerAuthority;

  @Option(
      names = "--broker-certificate",
      paramLabel = "FILE",
      description =
          "This wallet's PEM certificate, where the broker asks for one; chargepile certs add makes"
              + " it.")
  private @Nullable Path brokerCertificate;

  @Option(names = "--broker-key", paramLabel = "FILE", description = "Its PEM key (PKCS #8).")
  private @Nullable Path brokerKey;

  @Option(
      names = "--evm",
      paramLabel = "FILE",
      description = {
        "Pay in a token on an EVM chain instead of bitcoin: a file with the section [evm] that the"
            + " pile has too",
        "(config/chargepile.toml explains it; chargepile market deploy prints it)."
      })
  private @Nullable Path evm;

  @Option(
      names = "--rpc-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:18443",
      description = "The Bitcoin node (default ${DEFAULT-VALUE}).")
  private URI rpcUrl;

  @Option(names = "--rpc-cookie", paramLabel = "FILE", description = "The node's cookie file.")
  private @Nullable Path rpcCookie;

  @Option(
      names = "--rpc-user",
      paramLabel = "NAME",
      description = "A user of the node's RPC instead of the cookie.")
  private @Nullable String rpcUser;

  @Option(
      names = "--rpc-password-file",
      paramLabel = "FILE",
      description = "The file with its password.")
  private @Nullable Path rpcPasswordFile;

  @Option(
      names = "--rpc-wallet",
      paramLabel = "NAME",
      defaultValue = "driver",
      description = "The node's wallet that pays (default ${DEFAULT-VALUE}).")
  private String rpcWallet;

  @Option(
      names = "--esplora-url",
      paramLabel = "URL",
      description =
          "An Esplora server instead of a node, such as https://blockstream.info/testnet/api; the"
              + " wallet is then that of the seed in --data.")
  private @Nullable URI esploraUrl;

  @Option(
      names = "--network",
      paramLabel = "NETWORK",
      defaultValue = "regtest",
      description = "regtest, signet, testnet4 or mainnet (default ${DEFAULT-VALUE}).")
  private Network network;

  @Option(
      names = "--i-understand-the-risk",
      description = "Needed with mainnet: errors of this program may lose real money.")
  private boolean understood;

  @Mixin private IdentityOptions identity;

  IdentityOptions identity() {
    return identity;
  }

  Path data() {
    return data;
  }

  Optional<Path> passphraseFile() {
    return Optional.ofNullable(passphraseFile);
  }

  PileAddress pile() throws CommandFailedException {
    return PileAddress.parse(pile);
  }

  BrokerSettings broker(PileAddress address, String clientId) throws CommandFailedException {
    Optional<BrokerSettings.Credentials> credentials = Optional.empty();
    if (brokerUser != null) {
      String password = brokerPasswordFile == null ? "" : SecretFile.read(brokerPasswordFile);
      credentials = Optional.of(new BrokerSettings.Credentials(brokerUser, password));
    }
    try {
      return new BrokerSettings(
          broker == null ? address.brokerUrl() : broker,
          clientId,
          credentials,
          tls().context(),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--broker: " + e.getMessage(), e);
    }
  }

  /** The pile's topics; those of the user that the certificate names, where there is one. */
  Topics topics(PileAddress address) throws CommandFailedException {
    Optional<String> user = tls().user();
    try {
      return user.isEmpty() ? address.topics() : address.topics().as(user.get());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "%s is for a name that can't be in a topic: %s"
              .formatted(brokerCertificate, e.getMessage()),
          e);
    }
  }

  private TlsFiles tls() throws CommandFailedException {
    if ((brokerCertificate == null) != (brokerKey == null)) {
      throw new CommandFailedException(
          "--broker-certificate and --broker-key belong together: give both or neither");
    }
    return new TlsFiles(
        Optional.ofNullable(brokerAuthority),
        Optional.ofNullable(brokerCertificate),
        Optional.ofNullable(brokerKey));
  }

  /** Whether the ledger is an EVM chain. */
  boolean isEvm() {
    return evm != null;
  }

  /** What the driver pays on. */
  DriverLedger.Way ledger() throws CommandFailedException {
    if (evm == null) {
      return new DriverLedger.Way.Bitcoin(bitcoin());
    }
    if (rpcCookie != null || rpcUser != null || rpcPasswordFile != null || esploraUrl != null) {
      throw new CommandFailedException(
          "--evm is another ledger than Bitcoin: leave out --rpc-cookie, --rpc-user,"
              + " --rpc-password-file and --esplora-url, or --evm");
    }
    try {
      return new DriverLedger.Way.Evm(ConfigFile.loadEvm(evm));
    } catch (ConfigException e) {
      throw new CommandFailedException("--evm: " + e.getMessage(), e);
    }
  }

  private BitcoinNode.Access bitcoin() throws CommandFailedException {
    if (network == Network.MAINNET && !understood) {
      throw new CommandFailedException(
          "--network mainnet is real money, which errors of this program may lose; it also needs"
              + " --i-understand-the-risk");
    }
    if (esploraUrl != null) {
      try {
        return new BitcoinNode.Access.Esplora(
            new Server(esploraUrl), network, network.usualTipAge());
      } catch (IllegalArgumentException e) {
        throw new CommandFailedException("--esplora-url: " + e.getMessage(), e);
      }
    }
    try {
      return new BitcoinNode.Access.Node(new Endpoint(rpcUrl, credentials()), network, rpcWallet);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--rpc-url: " + e.getMessage(), e);
    }
  }

  private Credentials credentials() throws CommandFailedException {
    if (rpcUser != null && rpcPasswordFile != null) {
      return new Credentials.Password(rpcUser, SecretFile.read(rpcPasswordFile));
    }
    if (rpcUser != null || rpcCookie == null) {
      throw new CommandFailedException(
          "how to log in at the Bitcoin node? Give --rpc-cookie, or --rpc-user and"
              + " --rpc-password-file; or --esplora-url instead of a node");
    }
    return new Credentials.CookieFile(rpcCookie);
  }
}
