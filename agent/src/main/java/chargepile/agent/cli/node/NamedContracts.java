package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.market.OrderBookContract;
import chargepile.agent.evm.market.SettlementLogContract;
import chargepile.agent.units.EvmAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a configuration says of a market's contracts, beside what the chain says of them: all that
 * is done goes by the order book, so that a key that names another contract misleads whoever reads
 * it, and a token that is not the channels' is other money.
 *
 * @param contracts of {@code [market]}; empty where only the order book is known
 * @param token of {@code [evm]}
 */
public record NamedContracts(Optional<MarketSettings.Contracts> contracts, EvmAddress token) {
  private static final String WHAT_TO_DO =
      ". Nothing is traded until they agree: correct the key that is wrong, be it"
          + " market.order_book; the market.toml that chargepile market deploy kept has them all";

  /** Those of a configuration, as far as it means a market's order book. */
  public static NamedContracts of(LedgerSettings.Evm ledger, EvmAddress orderBook) {
    return new NamedContracts(
        ledger
            .market()
            .map(MarketSettings::contracts)
            .filter(named -> named.orderBook().equals(orderBook)),
        ledger.evm().token());
  }

  /**
   * What does not agree, each with its key; empty where all does.
   *
   * @throws EvmException when the chain does not answer, or there is no order book
   */
  public List<String> contradictions(EvmNode node, EvmAddress orderBook) {
    if (node.code(orderBook, BlockRef.LATEST).isEmpty()) {
      return List.of(
          "there is no contract at %s, which market.order_book says, on chain %d"
              .formatted(Eip55.write(orderBook), node.chainId()));
    }
    OrderBookContract book = new OrderBookContract(node, orderBook);
    EvmAddress registry = book.registry();
    List<String> all = new ArrayList<>();
    contracts.ifPresent(
        named -> {
          compare(all, "registry", named.registry(), registry);
          compare(all, "offer_board", named.offerBoard(), book.offers());
          compare(all, "quote_book", named.quoteBook(), book.quotes());
          compare(all, "review_board", named.reviewBoard(), book.board());
          settlements(all, node, named.settlementLog(), registry);
        });
    EvmAddress priced = book.token();
    if (!token.equals(priced)) {
      all.add(
          "evm.token is %s, and the order book's prices and escrow are in %s"
              .formatted(Eip55.write(token), Eip55.write(priced)));
    }
    return List.copyOf(all);
  }

  private static void compare(List<String> all, String key, EvmAddress said, EvmAddress there) {
    if (!said.equals(there)) {
      all.add(
          "market.%s is %s, and the order book names %s"
              .formatted(key, Eip55.write(said), Eip55.write(there)));
    }
  }

  /** No other contract names it; it names the registry. */
  private static void settlements(
      List<String> all, EvmNode node, EvmAddress said, EvmAddress registry) {
    if (node.code(said, BlockRef.LATEST).isEmpty()) {
      all.add("market.settlement_log is %s, and there is no contract".formatted(Eip55.write(said)));
      return;
    }
    try {
      EvmAddress its = new SettlementLogContract(node, said).registry();
      if (!its.equals(registry)) {
        all.add(
            "market.settlement_log is %s, which is of the registry %s, and the order book of %s"
                .formatted(Eip55.write(said), Eip55.write(its), Eip55.write(registry)));
      }
    } catch (EvmException e) {
      all.add(
          "market.settlement_log is %s, which is none: %s"
              .formatted(Eip55.write(said), e.getMessage()));
    }
  }

  /**
   * For who opens a market.
   *
   * @throws ChainException when something does not agree, or the chain does not answer
   */
  void require(EvmNode node, EvmAddress orderBook) {
    List<String> all;
    try {
      all = contradictions(node, orderBook);
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
    if (!all.isEmpty()) {
      throw new ChainException(text(orderBook, all));
    }
  }

  /**
   * For who opens the market of a configuration; what it says of another than the order book's is
   * of no concern.
   */
  public static void require(EvmNode node, LedgerSettings.Evm ledger, EvmAddress orderBook)
      throws CommandFailedException {
    NamedContracts named = of(ledger, orderBook);
    if (named.contracts().isEmpty()) {
      return;
    }
    List<String> all = named.contradictions(node, orderBook);
    if (!all.isEmpty()) {
      throw new CommandFailedException(text(orderBook, all));
    }
  }

  private static String text(EvmAddress orderBook, List<String> all) {
    return "the configuration and the order book at %s disagree: %s%s"
        .formatted(Eip55.write(orderBook), String.join("; ", all), WHAT_TO_DO);
  }
}
