package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmEndpoint;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.WrongEvmChainException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.Option;

/** How an EVM chain is reached, and what a transaction there may cost. */
public final class NodeOptions {
  private static final int MOST_NODES = 2;
  private static final int MOST_DEPTH = 100_000;
  private static final long MOST_GWEI = 1_000_000_000;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = {
        "A node of the chain, such as http://127.0.0.1:8545. Given twice, with nodes of two"
            + " operators: they are",
        "held against each other, and one may lag or be away. A configuration names one or two,"
            + " and what else follows here."
      })
  private final List<URI> rpc = new ArrayList<>();

  @Option(
      names = "--rpc-token-file",
      paramLabel = "FILE",
      description = {
        "The file with what the node wants to see behind Authorization: Bearer. The first is for"
            + " the first --rpc,",
        "the second for the second."
      })
  private final List<Path> tokens = new ArrayList<>();

  @Option(
      names = "--finality",
      paramLabel = "WHEN",
      description =
          "From when on a block counts for good: safe, finalized, or after so"
              + " many blocks, for a chain that knows neither (default: finalized).")
  private @Nullable String finality;

  @Option(
      names = "--max-fee-gwei",
      paramLabel = "N",
      description = "What a unit of gas may cost at most (default: 200).")
  private @Nullable Long maxFee;

  /**
   * A chain that is reached.
   *
   * @param node was asked, and serves the chain; two that are held against each other count as one
   * @param places where it is, one or two
   */
  public record Reached(
      EvmNode node, List<EvmSettings.Node> places, EvmSettings.Finality last, FeePolicy fees)
      implements AutoCloseable {
    /** From when on a block counts. */
    public Finality finality() {
      return Configured.finality(last);
    }

    /**
     * Sends from an account.
     *
     * @param contracts by whose words refusals are told
     */
    TransactionSender sender(EvmKey key, EvmOutbox outbox, List<String> contracts) {
      return new TransactionSender(
          node,
          key,
          outbox,
          fees,
          finality(),
          ContractArtifact.reverts(
              contracts.stream().map(ContractArtifact::load).toArray(ContractArtifact[]::new)));
    }

    @Override
    public void close() {
      node.close();
    }
  }

  /**
   * Reaches the chain. Of two nodes one may be away, which is logged; one of another chain is
   * refused.
   *
   * @param settings of a configuration, where there is one; an option goes before it
   */
  public Reached open(long chainId, Optional<EvmSettings> settings) throws CommandFailedException {
    List<EvmSettings.Node> places = places(settings);
    List<EvmEndpoint> endpoints = new ArrayList<>();
    for (EvmSettings.Node place : places) {
      endpoints.add(Configured.endpoint("--rpc", place, EvmEndpoint.DEFAULT_TIMEOUT));
    }
    EvmSettings.Finality last = finality(settings);
    FeePolicy fees = fees(settings);
    EvmNode node = Configured.evmNode(endpoints, chainId);
    try {
      requireOneAnswers(node);
      return new Reached(node, places, last, fees);
    } catch (CommandFailedException | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  private static void requireOneAnswers(EvmNode node) throws CommandFailedException {
    List<String> away = new ArrayList<>();
    List<EvmNode> single = node.witnesses();
    for (EvmNode each : single) {
      try {
        var unused = each.chainId();
      } catch (WrongEvmChainException e) {
        throw new CommandFailedException(String.valueOf(e.getMessage()), e);
      } catch (EvmException e) {
        Logger.debug(e, "{} is away", each);
        away.add(String.valueOf(e.getMessage()));
      }
    }
    if (away.size() == single.size()) {
      throw new CommandFailedException(String.join("; ", away));
    }
  }

  private List<EvmSettings.Node> places(Optional<EvmSettings> settings)
      throws CommandFailedException {
    if (rpc.size() > MOST_NODES) {
      throw new CommandFailedException(
          "--rpc is given %d times: two nodes are held against each other, not more"
              .formatted(rpc.size()));
    }
    if (rpc.size() == MOST_NODES && rpc.getFirst().equals(rpc.getLast())) {
      throw new CommandFailedException(
          "--rpc %s is given twice: a second node has to be another".formatted(rpc.getFirst()));
    }
    List<EvmSettings.Node> places = new ArrayList<>();
    if (rpc.isEmpty()) {
      settings.ifPresent(
          evm -> {
            places.add(evm.node());
            evm.second().ifPresent(places::add);
          });
    }
    for (URI url : rpc) {
      places.add(new EvmSettings.Node(url, Optional.empty()));
    }
    if (places.isEmpty()) {
      throw new CommandFailedException(
          "--rpc is missing: where is a node of the chain? As in --rpc http://127.0.0.1:8545");
    }
    if (tokens.size() > places.size()) {
      throw new CommandFailedException(
          "--rpc-token-file is given %d times for %d nodes"
              .formatted(tokens.size(), places.size()));
    }
    for (int i = 0; i < tokens.size(); i++) {
      places.set(i, new EvmSettings.Node(places.get(i).rpc(), Optional.of(tokens.get(i))));
    }
    return List.copyOf(places);
  }

  private EvmSettings.Finality finality(Optional<EvmSettings> settings)
      throws CommandFailedException {
    if (finality == null) {
      return settings.map(EvmSettings::finality).orElse(EvmSettings.Finality.Tag.FINALIZED);
    }
    return switch (finality.toLowerCase(Locale.ROOT)) {
      case "safe" -> EvmSettings.Finality.Tag.SAFE;
      case "finalized" -> EvmSettings.Finality.Tag.FINALIZED;
      default -> new EvmSettings.Finality.Depth(depth(finality));
    };
  }

  private static int depth(String text) throws CommandFailedException {
    int depth = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    if (depth < 1 || depth > MOST_DEPTH) {
      throw new CommandFailedException(
          "--finality %s: use safe, finalized, or 1 to %d blocks".formatted(text, MOST_DEPTH));
    }
    return depth;
  }

  private FeePolicy fees(Optional<EvmSettings> settings) throws CommandFailedException {
    FeePolicy usual = settings.map(EvmSettings::fees).map(Configured::fees).orElse(FeePolicy.USUAL);
    if (maxFee == null) {
      return usual;
    }
    if (maxFee < 1 || maxFee > MOST_GWEI) {
      throw new CommandFailedException(
          "--max-fee-gwei %d: use 1 to %d".formatted(maxFee, MOST_GWEI));
    }
    Wei cap = Wei.ofGwei(maxFee);
    return new FeePolicy(
        usual.leastTip().min(cap),
        cap,
        cap.max(usual.urgentCap()),
        usual.patience(),
        usual.lastCall());
  }
}
