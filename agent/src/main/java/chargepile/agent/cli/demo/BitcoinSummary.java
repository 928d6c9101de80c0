package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import fr.acinq.bitcoin.TxId;

/** How a demo on Bitcoin ended, for people. */
final class BitcoinSummary {
  private BitcoinSummary() {}

  static void print(SummaryLines lines, BitcoinDemoResult result) {
    lines.gap();
    lines.row("ended", ending(result.outcome()));
    lines.row("funded by", result.funding().toString());
    String title = "settled by";
    for (TxId transaction : result.settlement()) {
      lines.row(title, transaction.toString());
      title = "";
    }
    lines.gap();
    lines.amount("to the pile", Figures.sat(result.pileReceived()));
    lines.amount("to the driver", Figures.sat(result.driverReceived()));
    lines.amount("fees", Figures.sat(result.fees()));
    lines.rule();
    lines.amount("channel", Figures.sat(result.capacity()));
  }

  private static String ending(DemoOutcome outcome) {
    return switch (outcome) {
      case COOPERATIVE_CLOSE -> "cooperative close: both signed one transaction that pays both";
      case UNILATERAL_CLOSE ->
          "unilateral close: one side published its last commitment and waited its delay out";
      case BREACH_REMEDIED ->
          "breach remedied: the driver published a revoked commitment and lost everything";
      case STALE_CLOSE_ANSWERED -> throw new IllegalArgumentException("Bitcoin has no vouchers");
    };
  }
}
