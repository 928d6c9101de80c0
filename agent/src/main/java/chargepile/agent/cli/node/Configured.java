package chargepile.agent.cli.node;

import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.esplora.Server;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.config.ChainSettings;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.MqttSettings;
import chargepile.agent.evm.EvmEndpoint;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.RedundantNode;
import chargepile.agent.evm.Wei;
import chargepile.agent.mqtt.BrokerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tinylog.Logger;

/** What a configuration names, as those take it who connect to it. Secrets are read now. */
public final class Configured {
  private Configured() {}

  /** How the chain is reached. */
  public static BitcoinNode.Access chain(ChainSettings chain) throws CommandFailedException {
    return switch (chain.backend()) {
      case BITCOIND -> node(chain);
      case ESPLORA ->
          new BitcoinNode.Access.Esplora(
              new Server(
                  chain.esplora().orElseThrow(), chain.esploraPoll(), Server.DEFAULT_TIMEOUT),
              network(chain.network()),
              chain.maxTipAge().or(network(chain.network())::usualTipAge));
    };
  }

  private static BitcoinNode.Access node(ChainSettings chain) throws CommandFailedException {
    Optional<Endpoint> second = Optional.empty();
    if (chain.second().isPresent()) {
      ChainSettings.SecondNode node = chain.second().get();
      second =
          Optional.of(
              new Endpoint(
                  node.rpc(),
                  credentials(node.cookieFile(), node.rpcUser(), node.rpcPasswordFile())));
    }
    Network network = network(chain.network());
    return new BitcoinNode.Access.Node(
        new Endpoint(
            chain.rpc(),
            credentials(Optional.of(chain.cookieFile()), chain.rpcUser(), chain.rpcPasswordFile())),
        second,
        network,
        chain.maxTipAge().or(network::usualTipAge),
        chain.wallet());
  }

  private static Credentials credentials(
      Optional<Path> cookie, Optional<String> user, Optional<Path> passwordFile)
      throws CommandFailedException {
    if (user.isPresent() && passwordFile.isPresent()) {
      return new Credentials.Password(user.get(), SecretFile.read(passwordFile.get()));
    }
    return new Credentials.CookieFile(cookie.orElseThrow());
  }

  /** The Bitcoin network. */
  public static Network network(ChainSettings.Network network) {
    return switch (network) {
      case REGTEST -> Network.REGTEST;
      case SIGNET -> Network.SIGNET;
      case TESTNET4 -> Network.TESTNET4;
      case MAINNET -> Network.MAINNET;
    };
  }

  /** An EVM node, or two as one; nothing is asked yet. */
  public static EvmNode evmNode(EvmSettings settings) throws CommandFailedException {
    return evmNode(evmEndpoints(settings, EvmEndpoint.DEFAULT_TIMEOUT), settings.chainId());
  }

  /**
   * An EVM node, or two as one; nothing is asked yet.
   *
   * @param endpoints one or two
   */
  public static EvmNode evmNode(List<EvmEndpoint> endpoints, long chainId) {
    EvmNode first = new EvmRpc(endpoints.getFirst(), chainId);
    if (endpoints.size() == 1) {
      return first;
    }
    return new RedundantNode(
        first,
        new EvmRpc(endpoints.getLast(), chainId),
        RedundantNode.USUAL_LAG,
        RedundantNode.USUAL_REST,
        InstantSource.system(),
        alert -> Logger.warn("{}", alert));
  }

  /**
   * Where the EVM nodes answer, one or two.
   *
   * @param timeout how long an answer may take
   */
  public static List<EvmEndpoint> evmEndpoints(EvmSettings settings, Duration timeout)
      throws CommandFailedException {
    List<EvmEndpoint> endpoints = new ArrayList<>();
    endpoints.add(endpoint("evm.rpc_url", settings.node(), timeout));
    if (settings.second().isPresent()) {
      endpoints.add(endpoint("evm.second_rpc_url", settings.second().get(), timeout));
    }
    return endpoints;
  }

  /**
   * Where a node answers.
   *
   * @param key for messages: what named it
   */
  public static EvmEndpoint endpoint(String key, EvmSettings.Node node, Duration timeout)
      throws CommandFailedException {
    Optional<String> authorization = Optional.empty();
    if (node.tokenFile().isPresent()) {
      authorization = Optional.of("Bearer " + SecretFile.read(node.tokenFile().get()));
    }
    try {
      return new EvmEndpoint(node.rpc(), authorization, timeout);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(key, e.getMessage()), e);
    }
  }

  /** What transactions may cost. */
  public static FeePolicy fees(EvmSettings.Fees fees) {
    return new FeePolicy(
        Wei.of(fees.leastTipWei()),
        Wei.ofGwei(fees.capGwei()),
        Wei.ofGwei(fees.urgentCapGwei()),
        fees.patienceBlocks(),
        fees.urgentBefore());
  }

  /** From when on what a block says counts. */
  public static Finality finality(EvmSettings.Finality finality) {
    return switch (finality) {
      case EvmSettings.Finality.Tag.SAFE -> Finality.SAFE;
      case EvmSettings.Finality.Tag.FINALIZED -> Finality.FINALIZED;
      case EvmSettings.Finality.Depth(int blocks) -> Finality.depth(blocks);
    };
  }

  /** How the broker is reached. */
  public static BrokerSettings broker(MqttSettings mqtt, Optional<BrokerSettings.Will> will)
      throws CommandFailedException {
    Optional<BrokerSettings.Credentials> credentials = Optional.empty();
    if (mqtt.username().isPresent()) {
      String password =
          mqtt.passwordFile().isPresent() ? SecretFile.read(mqtt.passwordFile().get()) : "";
      credentials = Optional.of(new BrokerSettings.Credentials(mqtt.username().get(), password));
    }
    return new BrokerSettings(
        mqtt.broker(),
        mqtt.clientId(),
        credentials,
        new TlsFiles(mqtt.caFile(), mqtt.certificateFile(), mqtt.keyFile()).context(),
        will);
  }
}
