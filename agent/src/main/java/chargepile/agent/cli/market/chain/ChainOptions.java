package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.config.EvmSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which EVM chain is meant, and how it is reached; a configuration says what no option does. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ChainOptions {
  @Mixin private NodeOptions node;

  @Option(
      names = "--chain",
      paramLabel = "N",
      description = "The chain's id (EIP-155); a node of another chain is refused.")
  private @Nullable Long chain;

  /**
   * Reaches the chain.
   *
   * @param settings of a configuration, where there is one; an option goes before it
   */
  public NodeOptions.Reached open(Optional<EvmSettings> settings) throws CommandFailedException {
    return open(settings, Optional.empty());
  }

  /**
   * Reaches the chain.
   *
   * @param otherwise the chain's id, where neither an option nor a configuration says it
   */
  public NodeOptions.Reached open(Optional<EvmSettings> settings, Optional<Long> otherwise)
      throws CommandFailedException {
    return node.open(id(settings, otherwise), settings);
  }

  private long id(Optional<EvmSettings> settings, Optional<Long> otherwise)
      throws CommandFailedException {
    long id =
        Optional.ofNullable(chain)
            .or(() -> settings.map(EvmSettings::chainId))
            .or(() -> otherwise)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "--chain is missing: the chain's id (EIP-155), or a --config or --evm with"
                            + " an [evm]"));
    if (id < 1) {
      throw new CommandFailedException("--chain %d: a chain's id is above 0".formatted(id));
    }
    return id;
  }
}
