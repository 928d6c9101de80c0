package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.SecretFile;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.evm.EvmEndpoint;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.Wei;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an EVM chain is reached, and what a transaction there may cost. */
public final class NodeOptions {
  private static final int MOST_DEPTH = 100_000;
  private static final long MOST_GWEI = 1_000_000_000;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description =
          "A node of the chain, such as http://127.0.0.1:8545. A pile's"
              + " configuration names one, and what else follows here.")
  private @Nullable URI rpc;

  @Option(
      names = "--rpc-token-file",
      paramLabel = "FILE",
      description = "The file with what the node wants to see behind Authorization: Bearer.")
  private @Nullable Path token;

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
   * @param node was asked, and serves the chain
   * @param rpc where it is
   */
  public record Reached(EvmNode node, URI rpc, EvmSettings.Finality last, FeePolicy fees)
      implements AutoCloseable {
    /** From when on a block counts. */
    public Finality finality() {
      return switch (last) {
        case EvmSettings.Finality.Tag tag ->
            switch (tag) {
              case SAFE -> Finality.SAFE;
              case FINALIZED -> Finality.FINALIZED;
            };
        case EvmSettings.Finality.Depth(int blocks) -> Finality.depth(blocks);
      };
    }

    @Override
    public void close() {
      node.close();
    }
  }

  /**
   * Reaches the chain.
   *
   * @param settings of a pile's configuration, where there is one; an option goes before it
   */
  public Reached open(long chainId, Optional<EvmSettings> settings) throws CommandFailedException {
    URI url = url(settings);
    Optional<Path> tokenFile =
        token != null || rpc != null
            ? Optional.ofNullable(token)
            : settings.flatMap(evm -> evm.node().tokenFile());
    Optional<String> header = Optional.empty();
    if (tokenFile.isPresent()) {
      header = Optional.of("Bearer " + SecretFile.read(tokenFile.get()));
    }
    EvmRpc node;
    try {
      node = new EvmRpc(new EvmEndpoint(url, header, EvmEndpoint.DEFAULT_TIMEOUT), chainId);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--rpc: " + e.getMessage(), e);
    }
    try {
      var unused = node.chainId();
      return new Reached(node, url, finality(settings), fees(settings));
    } catch (EvmException | CommandFailedException e) {
      node.close();
      throw e instanceof CommandFailedException failed
          ? failed
          : new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private URI url(Optional<EvmSettings> settings) throws CommandFailedException {
    return Optional.ofNullable(rpc)
        .or(() -> settings.map(evm -> evm.node().rpc()))
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "--rpc is missing: where is a node of the chain? As in --rpc"
                        + " http://127.0.0.1:8545"));
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
    FeePolicy usual =
        settings.map(EvmSettings::fees).map(NodeOptions::policy).orElse(FeePolicy.USUAL);
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

  private static FeePolicy policy(EvmSettings.Fees fees) {
    return new FeePolicy(
        Wei.of(fees.leastTipWei()),
        Wei.ofGwei(fees.capGwei()),
        Wei.ofGwei(fees.urgentCapGwei()),
        fees.patienceBlocks(),
        fees.urgentBefore());
  }
}
