package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.evm.market.OpenQuotes;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.Trade;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/**
 * Matches the round of a market's quotes, by its own rules, and announces the matches (P1-04); the
 * contract takes no others.
 */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class Announcement {
  @Mixin private Trading trading;

  /**
   * Does it and says what was matched.
   *
   * @throws CommandFailedException also while the round still takes quotes
   */
  public void run(PrintWriter out, boolean json)
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    trading.act(
        out,
        desk -> {
          Market market = desk.market();
          EvmBlock head = market.head();
          MarketRules rules = market.quotes().rules();
          MarketClock clock = market.quotes().clock(BlockRef.hash(head.hash()));
          if (!clock.quotesStandStill()) {
            throw new CommandFailedException(
                "round %d of cycle %d takes quotes until %s and is matched then: give the command again at that time"
                    .formatted(clock.round() + 1, clock.cycle(), rules.matchingFrom(clock)));
          }
          OpenQuotes open = market.quotes().open(head, market.since());
          List<Trade> trades = open.match(rules.cycle());
          if (trades.isEmpty()) {
            Trading.said(
                out,
                json
                    ? JsonText.of(fields(clock, trades))
                    : "nothing trades in round %d of cycle %d, and nothing is announced"
                        .formatted(clock.round() + 1, clock.cycle()));
            return;
          }
          EvmReceipt receipt =
              desk.done(
                  market
                      .quotes()
                      .announce(clock, open, trades.stream().map(Trade::match).toList()));
          if (json) {
            Map<String, Object> fields = fields(clock, trades);
            fields.put("block", receipt.block());
            out.println(JsonText.of(fields));
          } else {
            print(out, clock, trades, receipt);
          }
          out.flush();
        });
  }

  private static void print(
      PrintWriter out, MarketClock clock, List<Trade> trades, EvmReceipt receipt) {
    for (Trade trade : trades) {
      out.printf(
          "ask %s of %s with bid %s of %s: %s Wh at %s per kWh, %s%n",
          trade.ask().id(),
          trade.seller(),
          trade.bid().id(),
          trade.buyer(),
          Figures.grouped(trade.energy().value()),
          Lines.price(trade.price()),
          Lines.units(trade.amount()));
    }
    out.printf(
        "round %d of cycle %d is announced, in block %d; orders of it are requested with market"
            + " orders request --match ASK:BID%n",
        clock.round() + 1, clock.cycle(), receipt.block());
  }

  private static Map<String, Object> fields(MarketClock clock, List<Trade> trades) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cycle", clock.cycle());
    all.put("round", clock.round() + 1);
    all.put("trades", trades.stream().map(Announcement::fields).toList());
    return all;
  }

  private static Map<String, Object> fields(Trade trade) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("ask", trade.ask().id().value());
    one.put("bid", trade.bid().id().value());
    one.put("seller", trade.seller().value());
    one.put("buyer", trade.buyer().value());
    one.put("price", new BigDecimal(trade.price().toString()));
    one.put("energy_wh", trade.energy().value());
    one.put("amount", trade.amount().value());
    return one;
  }
}
