package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.units.Amount;

/** How a demo on an EVM chain ended, for people. */
final class EvmSummary {
  private EvmSummary() {}

  static void print(SummaryLines lines, EvmDemoResult result) {
    lines.gap();
    lines.row("registry", result.registry().toString());
    lines.row("pile's bond", units(result.bond()) + ", locked by its rated power");
    lines.gap();
    lines.row("ended", ending(result.outcome()));
    lines.row("channel", result.channel().toString());
    lines.gap();
    lines.amount("to the pile", units(result.pileReceived()));
    lines.amount("to the driver", units(result.driverReceived()));
    lines.rule();
    lines.amount("channel", units(result.deposit()));
    lines.gap();
    lines.row("gas", Figures.grouped(result.gas()) + " for registration and market");
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
