package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.ChainOptions;
import chargepile.agent.cli.market.chain.NodeOptions;
import chargepile.agent.cli.node.NamedContracts;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmException;
import chargepile.agent.units.EvmAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which market is meant, and how its chain is reached; a configuration says what no option does.
 */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class MarketOptions {
  @Mixin private ChainOptions chain;

  @Option(
      names = "--order-book",
      paramLabel = "ADDRESS",
      description = "The market's order book; the other contracts follow from it.")
  private @Nullable String book;

  @Option(
      names = "--first-block",
      paramLabel = "N",
      description = "No log of the market is in an earlier block (default: 0, which takes long).")
  private @Nullable Long first;

  /**
   * Reaches the market.
   *
   * @param ledger of a configuration, where there is one; an option goes before it
   */
  Market open(Optional<LedgerSettings.Evm> ledger) throws CommandFailedException {
    Optional<EvmSettings> evm = ledger.map(LedgerSettings.Evm::evm);
    EvmAddress orders = orderBook(ledger);
    NodeOptions.Reached reached = chain.open(evm);
    try {
      if (reached.node().code(orders, BlockRef.LATEST).isEmpty()) {
        throw new CommandFailedException(
            "there is no contract at %s on chain %d: correct --order-book or --chain, or wait until the node has caught up"
                .formatted(orders, reached.node().chainId()));
      }
      if (ledger.isPresent()) {
        NamedContracts.require(reached.node(), ledger.get(), orders);
      }
      return Market.at(reached, orders, firstBlock(evm));
    } catch (EvmException e) {
      reached.close();
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    } catch (CommandFailedException | RuntimeException e) {
      reached.close();
      throw e;
    }
  }

  private EvmAddress orderBook(Optional<LedgerSettings.Evm> ledger) throws CommandFailedException {
    if (book != null) {
      return Arguments.address("--order-book", book);
    }
    return ledger
        .flatMap(LedgerSettings.Evm::market)
        .map(MarketSettings::contracts)
        .map(MarketSettings.Contracts::orderBook)
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "--order-book is missing: the address that chargepile market deploy printed, or"
                        + " a --config or --evm with a [market]"));
  }

  private long firstBlock(Optional<EvmSettings> evm) throws CommandFailedException {
    long block = Optional.ofNullable(first).or(() -> evm.map(EvmSettings::firstBlock)).orElse(0L);
    if (block < 0) {
      throw new CommandFailedException("--first-block %d: blocks count from 0".formatted(block));
    }
    return block;
  }
}
