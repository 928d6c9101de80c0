package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.evm.market.OpenQuotes;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market quote list}. */
@Command(
    name = "list",
    sortOptions = false,
    description =
        "Show where the cycle stands and what is quoted in it; the next to be matched first.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class QuotesCommand implements Callable<Integer> {
  private static final String ROW = "%4s %8s  %-42s %12s %14s%n";

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    trading.look(
        market -> {
          EvmBlock head = market.head();
          MarketRules rules = market.quotes().rules();
          MarketClock clock = market.quotes().clock(BlockRef.hash(head.hash()));
          OpenQuotes open = market.quotes().open(head, market.since());
          if (json) {
            out.println(json(rules, clock, open));
          } else {
            print(out, rules, clock, open);
          }
        });
    out.flush();
    return 0;
  }

  /**
   * An open quote by its number.
   *
   * @throws CommandFailedException when it is not open any more
   */
  static Quote find(Market market, long number) throws CommandFailedException {
    if (number < 1) {
      throw new CommandFailedException("%d: quotes count from 1".formatted(number));
    }
    for (Side side : Side.values()) {
      var found = market.quotes().quote(side, new QuoteId(number), BlockRef.LATEST);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new CommandFailedException(
        "the quote %d is not open: it is matched, was withdrawn, or its cycle is over"
            .formatted(number));
  }

  private static void print(
      PrintWriter out, MarketRules rules, MarketClock clock, OpenQuotes open) {
    out.printf(
        "cycle %d, round %d of %d: %s%n",
        clock.cycle(),
        clock.round() + 1,
        rules.cycle().rounds(),
        clock.quotesStandStill()
            ? "quotes stand still while it is matched"
            : "quotes are taken until " + rules.matchingFrom(clock));
    if (open.asks().isEmpty() && open.bids().isEmpty()) {
      out.println("nothing is quoted");
      return;
    }
    out.printf(ROW, "side", "quote", "party", "Wh", "per kWh");
    for (Side side : Side.values()) {
      for (Resting resting : open.side(side)) {
        out.printf(
            ROW,
            side.name().toLowerCase(Locale.ROOT),
            resting.quote().id(),
            resting.quote().trader(),
            Figures.grouped(resting.rest().value()),
            Figures.grouped(resting.quote().pricePerKwh().value()));
      }
    }
  }

  private static String json(MarketRules rules, MarketClock clock, OpenQuotes open) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cycle", clock.cycle());
    all.put("round", clock.round() + 1);
    all.put("rounds", rules.cycle().rounds());
    all.put("matching", clock.quotesStandStill());
    all.put("matching_from", rules.matchingFrom(clock).toString());
    all.put("asks", list(open.asks()));
    all.put("bids", list(open.bids()));
    return JsonText.of(all);
  }

  private static List<Map<String, Object>> list(List<Resting> quotes) {
    return quotes.stream()
        .map(
            resting -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("id", resting.quote().id().value());
              one.put("party", resting.quote().trader().value());
              one.put("price", resting.quote().pricePerKwh().value());
              one.put("energy_wh", resting.rest().value());
              return one;
            })
        .toList();
  }
}
