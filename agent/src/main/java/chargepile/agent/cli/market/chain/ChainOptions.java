package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.SecretFile;
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

/** Which EVM chain is meant, and what a transaction there may cost. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ChainOptions {
  private static final int MOST_DEPTH = 10_000;
  private static final long MOST_GWEI = 1_000_000;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      required = true,
      description = "A node of the chain, such as http://127.0.0.1:8545.")
  private URI rpc;

  @Option(
      names = "--chain",
      paramLabel = "N",
      required = true,
      description = "The chain's id (EIP-155), such as 1; a node of another chain is refused.")
  private long chain;

  @Option(
      names = "--rpc-authorization-file",
      paramLabel = "FILE",
      description = "The file with the node's Authorization header, where it wants one.")
  private @Nullable Path authorization;

  @Option(
      names = "--finality",
      paramLabel = "WHEN",
      defaultValue = "safe",
      description = {
        "From when on a block counts for good: safe, finalized, or after so many blocks, for a",
        "chain that knows neither (default ${DEFAULT-VALUE})."
      })
  private String finality;

  @Option(
      names = "--max-fee-gwei",
      paramLabel = "N",
      defaultValue = "200",
      description = "What a unit of gas may cost at most (default ${DEFAULT-VALUE}).")
  private long maxFee;

  long chain() {
    return chain;
  }

  URI rpc() {
    return rpc;
  }

  String finalityName() {
    return finality.toLowerCase(Locale.ROOT);
  }

  /** A client of the node, which was asked and serves the chain. */
  EvmNode open() throws CommandFailedException {
    if (chain < 1) {
      throw new CommandFailedException("--chain %d: a chain's id is above 0".formatted(chain));
    }
    Optional<String> header = Optional.empty();
    if (authorization != null) {
      header = Optional.of(SecretFile.read(authorization));
    }
    EvmRpc node;
    try {
      node = new EvmRpc(new EvmEndpoint(rpc, header, EvmEndpoint.DEFAULT_TIMEOUT), chain);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--rpc: " + e.getMessage(), e);
    }
    try {
      var unused = node.chainId();
      return node;
    } catch (EvmException e) {
      node.close();
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  Finality finality() throws CommandFailedException {
    return switch (finalityName()) {
      case "safe" -> Finality.SAFE;
      case "finalized" -> Finality.FINALIZED;
      default -> Finality.depth(depth());
    };
  }

  private int depth() throws CommandFailedException {
    try {
      int depth = Integer.parseInt(finality);
      if (depth >= 1 && depth <= MOST_DEPTH) {
        return depth;
      }
    } catch (NumberFormatException e) {
      throw badFinality(e);
    }
    throw badFinality(null);
  }

  private CommandFailedException badFinality(@Nullable Throwable cause) {
    String message =
        "--finality %s: use safe, finalized, or 1 to %d blocks".formatted(finality, MOST_DEPTH);
    return cause == null
        ? new CommandFailedException(message)
        : new CommandFailedException(message, cause);
  }

  FeePolicy fees() throws CommandFailedException {
    if (maxFee < 1 || maxFee > MOST_GWEI) {
      throw new CommandFailedException(
          "--max-fee-gwei %d: use 1 to %d".formatted(maxFee, MOST_GWEI));
    }
    FeePolicy usual = FeePolicy.USUAL;
    Wei cap = Wei.ofGwei(maxFee);
    return new FeePolicy(
        usual.leastTip(), cap, cap.max(usual.urgentCap()), usual.patience(), usual.lastCall());
  }
}
