package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.Figures;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.evm.market.OrderStanding;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code market orders} prints of an order. */
record OrderReport(
    OrderKey key, Optional<ContractTerms> terms, OrderStanding standing, List<OrderLog> logs) {
  void print(PrintWriter out) {
    out.println("order " + key);
    out.println("  " + standing.status().text());
    standing
        .deadline()
        .ifPresent(deadline -> out.println("  it waits until " + deadline + ", and then expires"));
    ending().ifPresent(end -> out.println("  " + end));
    if (terms.isEmpty()) {
      out.println("  its terms are none that this program would agree to: let it expire");
      return;
    }
    OrderTerms order = terms.get().order();
    line(out, "seller", order.seller());
    line(out, "buyer", order.buyer());
    line(out, "energy", Figures.grouped(order.energy().value()) + " Wh of " + order.type().name());
    line(
        out,
        "price",
        "%s units per kWh, %s in all"
            .formatted(Lines.price(order.price()), Lines.units(order.amount())));
    line(out, "delivery", order.window().start() + " to " + order.window().end());
    line(
        out,
        "through",
        "the pile %s on feeder %s%s"
            .formatted(
                order.point().pile().value(),
                order.point().feeder().value(),
                terms.get().exported() ? ", into the grid" : ""));
    line(out, "meter", terms.get().meter());
    line(
        out,
        "default",
        "%s of each side; %s a kWh beyond %s of the energy"
            .formatted(
                Lines.units(order.onDefault().amount()),
                Lines.units(order.onDefault().ratePerKwh()),
                percent(order.onDefault().toleranceBasisPoints())));
    line(
        out,
        "fees",
        "%s for the grid, %s for the agency"
            .formatted(
                percent(order.charges().fees().gridBasisPoints()),
                percent(order.charges().fees().agencyBasisPoints())));
    line(
        out,
        "escrow",
        "%s of the buyer, %s of the seller"
            .formatted(
                Lines.units(standing.escrow().buyer()), Lines.units(standing.escrow().seller())));
    if (standing.paid().value() > 0) {
      line(out, "paid", Lines.units(standing.paid()) + " in a channel, as the seller says");
    }
    signatures().ifPresent(signed -> line(out, "signed", signed));
  }

  private Optional<String> signatures() {
    return switch (standing.status()) {
      case CONFIRMED ->
          Optional.of(
              "buyer %s, seller %s"
                  .formatted(
                      standing.buyerSigned() ? "yes" : "not yet",
                      standing.sellerSigned() ? "yes" : "not yet"));
      case NONE,
          REQUESTED,
          REFUSED,
          ESTABLISHED,
          APPROVED,
          REJECTED,
          EXPIRED,
          RECORDED,
          EXECUTING,
          SETTLED,
          DEFAULTED ->
          Optional.empty();
    };
  }

  /** How it came to its end. */
  private Optional<String> ending() {
    String end = null;
    for (OrderLog log : logs) {
      switch (log) {
        case OrderLog.Rejected rejected -> end = Lines.why(rejected.reason());
        case OrderLog.Expired expired ->
            end = "it had stood at \"%s\"".formatted(expired.missed().text());
        case OrderLog.Settled settled -> end = ending(settled);
        default -> {}
      }
    }
    return Optional.ofNullable(end);
  }

  private static String ending(OrderLog.Settled settled) {
    Settlement result = settled.settlement();
    return "%s Wh taken of %s Wh available: %s to the buyer, %s to the seller, %s to the grid, %s to the agency; damages %s and %s"
        .formatted(
            Figures.grouped(settled.metering().taken().value()),
            Figures.grouped(settled.metering().available().value()),
            Lines.units(result.toBuyer()),
            Lines.units(result.toSeller()),
            Lines.units(result.toGrid()),
            Lines.units(result.toAgency()),
            Lines.units(result.sellerDamages()),
            Lines.units(result.buyerDamages()));
  }

  private static void line(PrintWriter out, String what, Object value) {
    out.printf("  %-9s %s%n", what, value);
  }

  private static String percent(int basisPoints) {
    return new BigDecimal(basisPoints).movePointLeft(2).stripTrailingZeros().toPlainString() + " %";
  }

  Map<String, Object> json() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("order", key.toString());
    one.put("status", standing.status().word());
    standing.deadline().ifPresent(deadline -> one.put("deadline", deadline.toString()));
    one.put("escrow_buyer", standing.escrow().buyer().value());
    one.put("escrow_seller", standing.escrow().seller().value());
    one.put("paid", standing.paid().value());
    ending().ifPresent(end -> one.put("ending", end));
    terms.ifPresent(known -> one.putAll(json(known)));
    return one;
  }

  private static Map<String, Object> json(ContractTerms terms) {
    OrderTerms order = terms.order();
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", order.id().value());
    one.put("listing", terms.listing());
    one.put("ask", terms.ask());
    one.put("bid", terms.bid());
    one.put("seller", order.seller().value());
    one.put("buyer", order.buyer().value());
    one.put("price", new BigDecimal(order.price().toString()));
    one.put("energy_wh", order.energy().value());
    one.put("amount", order.amount().value());
    one.put("start", order.window().start().toString());
    one.put("end", order.window().end().toString());
    one.put("feeder", order.point().feeder().value());
    one.put("pile", order.point().pile().value());
    one.put("exported", terms.exported());
    one.put("meter", terms.meter().toString());
    one.put("default_amount", order.onDefault().amount().value());
    one.put("default_rate", order.onDefault().ratePerKwh().value());
    one.put("tolerance_bp", order.onDefault().toleranceBasisPoints());
    return one;
  }
}
