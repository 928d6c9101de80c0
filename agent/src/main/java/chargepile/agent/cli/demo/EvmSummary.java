package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.units.Amount;

/** How a demo on an EVM chain ended, for people. */
final class EvmSummary {
  private EvmSummary() {}

  static void print(SummaryLines lines, EvmDemoResult result) {
    lines.gap();
    lines.row("registry", result.registry().toString());
    lines.row("pile's bond", units(result.bond()) + ", locked by its rated power");
    lines.row(
        "order",
        "%s Wh at %s a kWh, reviewed by the agency"
            .formatted(Figures.grouped(result.ordered().value()), price(result.price().doubled())));
    lines.row("", result.order().toString());
    lines.gap();
    lines.row("ended", ending(result.outcome()));
    lines.row("channel", result.channel().toString());
    lines.gap();
    lines.amount("to the pile", units(result.pileReceived()));
    lines.amount("to the driver", units(result.driverReceived()));
    lines.rule();
    lines.amount("channel", units(result.deposit()));
    lines.gap();
    settlement(lines, result);
    lines.row("gas", Figures.grouped(result.gas()) + " for registration and market");
  }

  /** How the revenue is shared, and the escrow with it (P2-19). */
  private static void settlement(SummaryLines lines, EvmDemoResult result) {
    Settlement shared = result.settlement();
    lines.row(
        "revenue",
        "%s to the pile, %s to the grid, %s to the agency"
            .formatted(
                units(shared.split().producer()),
                units(shared.split().grid()),
                units(shared.split().agency())));
    if (shared.isDefault()) {
      lines.row(
          "default",
          "%s Wh were not delivered, %s Wh not taken: damages of %s and %s"
              .formatted(
                  Figures.grouped(shared.sellerOff().value()),
                  Figures.grouped(shared.buyerOff().value()),
                  units(shared.sellerDamages()),
                  units(shared.buyerDamages())));
    }
    lines.row(
        "escrow back",
        "%s to the driver, %s to the pile"
            .formatted(units(shared.toBuyer()), units(shared.toSeller())));
    lines.row(
        "certificate",
        switch (result.certificate()) {
          case AGREED -> "signed by both, final on the chain";
          case UNOPPOSED -> "signed by the pile alone, and nobody contested it";
          case NONE, CLAIMED, CONTESTED -> "stands as " + result.certificate();
        });
  }

  private static String price(long doubled) {
    return Figures.grouped(doubled / 2) + (doubled % 2 == 0 ? " units" : ".5 units");
  }

  private static String units(Amount amount) {
    return Figures.grouped(amount.value()) + " units";
  }

  private static String ending(DemoOutcome outcome) {
    return switch (outcome) {
      case COOPERATIVE_CLOSE -> "cooperative close: both signed how the deposit is paid out";
      case UNILATERAL_CLOSE ->
          "unilateral close: the pile presented the last voucher and waited the challenge period"
              + " out";
      case STALE_CLOSE_ANSWERED ->
          "stale close answered: the driver closed with an old voucher, the pile showed the latest";
      case BREACH_REMEDIED -> throw new IllegalArgumentException("a voucher revokes nothing");
    };
  }
}
