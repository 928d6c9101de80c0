package chargepile.agent.cli.market;

import chargepile.agent.cli.Figures;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.Efficiency;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Trade;
import chargepile.agent.market.TradePrice;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code market match} prints. */
final class MatchReport {
  private static final String ROW = "%5s  %6s %-16s %6s %-16s %12s %14s %16s%n";
  private static final String LEFT = "%5s  %6s %-16s %36s %14s%n";

  private MatchReport() {}

  static void print(PrintWriter out, CycleRun run) {
    for (CycleRun.Refused refused : run.refused()) {
      out.printf(
          "refused: line %d, quote %s of %s: %s%n",
          refused.line().number(),
          refused.line().id(),
          refused.line().party(),
          refused.why().text());
    }
    out.printf(ROW, "round", "ask", "seller", "bid", "buyer", "Wh", "per kWh", "amount");
    for (CycleRun.Round round : run.rounds()) {
      for (Trade trade : round.trades()) {
        out.printf(
            ROW,
            round.number(),
            trade.ask().id(),
            trade.seller(),
            trade.bid().id(),
            trade.buyer(),
            Figures.grouped(trade.energy().value()),
            grouped(trade.price()),
            Figures.grouped(trade.amount().value()));
      }
    }
    if (run.rounds().stream().allMatch(round -> round.trades().isEmpty())) {
      out.printf("       nothing trades: no bid is %s%n", reach(run));
    }
    out.println();
    if (run.asks().isEmpty() && run.bids().isEmpty()) {
      out.println("nothing is left in the book");
    } else {
      out.printf(LEFT, "left", "quote", "party", "Wh", "per kWh");
      left(out, "ask", run.asks());
      left(out, "bid", run.bids());
    }
    out.println();
    for (CycleRun.Round round : run.rounds()) {
      out.printf("round %d: %s%n", round.number(), achieved(round.efficiency()));
    }
    out.printf("cycle: %s%n", achieved(run.whole()));
  }

  static String json(CycleRun run) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cross", run.cross().name().toLowerCase(Locale.ROOT));
    all.put(
        "trades",
        run.rounds().stream()
            .flatMap(round -> round.trades().stream().map(trade -> trade(round.number(), trade)))
            .toList());
    all.put("asks", run.asks().stream().map(MatchReport::resting).toList());
    all.put("bids", run.bids().stream().map(MatchReport::resting).toList());
    all.put("refused", run.refused().stream().map(MatchReport::refused).toList());
    all.put("rounds", run.rounds().stream().map(MatchReport::round).toList());
    all.put("cycle", measures(run.whole()));
    return JsonText.of(all);
  }

  private static String reach(CycleRun run) {
    return switch (run.cross()) {
      case STRICT -> "above an ask";
      case WEAK -> "as high as an ask";
    };
  }

  private static void left(PrintWriter out, String side, List<Resting> quotes) {
    for (Resting resting : quotes) {
      out.printf(
          LEFT,
          side,
          resting.quote().id(),
          resting.quote().trader(),
          Figures.grouped(resting.rest().value()),
          grouped(TradePrice.of(resting.quote().pricePerKwh())));
    }
  }

  private static String achieved(Efficiency efficiency) {
    if (efficiency.optimum().signum() == 0) {
      return efficiency.total().signum() == 0
          ? "no trade could have gained anything"
          : "a loss, where no trade could have gained anything";
    }
    String surplus =
        efficiency.ppm().map(MatchReport::percent).orElseThrow() + " of the possible surplus";
    return efficiency
        .sellersPpm()
        .map(share -> "%s, %s of it the sellers'".formatted(surplus, percent(share)))
        .orElse(surplus);
  }

  private static String grouped(TradePrice price) {
    return Figures.grouped(price.doubled() / 2) + (price.doubled() % 2 == 0 ? "" : ".5");
  }

  private static Map<String, Object> trade(int round, Trade trade) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("round", round);
    one.put("ask", trade.ask().id().value());
    one.put("bid", trade.bid().id().value());
    one.put("seller", trade.seller().value());
    one.put("buyer", trade.buyer().value());
    one.put("ask_price", trade.ask().pricePerKwh().value());
    one.put("bid_price", trade.bid().pricePerKwh().value());
    one.put("price", new BigDecimal(trade.price().toString()));
    one.put("energy_wh", trade.energy().value());
    one.put("amount", trade.amount().value());
    return one;
  }

  private static Map<String, Object> resting(Resting resting) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", resting.quote().id().value());
    one.put("party", resting.quote().trader().value());
    one.put("price", resting.quote().pricePerKwh().value());
    one.put("energy_wh", resting.rest().value());
    return one;
  }

  private static Map<String, Object> refused(CycleRun.Refused refused) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("line", refused.line().number());
    one.put("id", refused.line().id().value());
    one.put("code", refused.why().name().toLowerCase(Locale.ROOT));
    one.put("reason", refused.why().text());
    return one;
  }

  private static Map<String, Object> round(CycleRun.Round round) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("round", round.number());
    one.putAll(measures(round.efficiency()));
    return one;
  }

  /** Without the members that there is no measure for. */
  private static Map<String, Object> measures(Efficiency efficiency) {
    Map<String, Object> both = new LinkedHashMap<>();
    efficiency.ppm().ifPresent(ppm -> both.put("efficiency_ppm", new BigDecimal(ppm)));
    efficiency.sellersPpm().ifPresent(ppm -> both.put("sellers_share_ppm", new BigDecimal(ppm)));
    return both;
  }

  private static String percent(BigInteger ppm) {
    return new BigDecimal(ppm, 4).stripTrailingZeros().toPlainString() + " %";
  }
}
