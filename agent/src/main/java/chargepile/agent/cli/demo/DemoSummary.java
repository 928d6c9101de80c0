package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.TxId;
import java.io.PrintWriter;
import java.math.BigInteger;

/** A demo's result for people. */
final class DemoSummary {
  private final PrintWriter out;
  private final DemoOptions options;
  private final DemoResult result;

  private DemoSummary(PrintWriter out, DemoOptions options, DemoResult result) {
    this.out = out;
    this.options = options;
    this.result = result;
  }

  static void print(PrintWriter out, DemoOptions options, DemoResult result) {
    DemoSummary summary = new DemoSummary(out, options, result);
    summary.session();
    summary.ending();
    summary.money();
    summary.means();
    out.flush();
  }

  private void session() {
    boolean charging = options.direction() == Direction.IMPORT;
    out.println();
    out.printf(
        "%s %s in %s (%s, %s imp/kWh)%n%n",
        charging ? "Charged" : "Discharged",
        Figures.kiloWattHours(result.energy()),
        Figures.duration(result.charged()),
        options.traceName(),
        Figures.grouped(options.impulsesPerKwh()));
    if (result.imported().value() > 0 && result.exported().value() > 0) {
      row(
          "energy",
          "%s into the car, %s out of it"
              .formatted(Figures.energy(result.imported()), Figures.energy(result.exported())));
    }
    row("price", Figures.msat(options.pricePerKwh()) + " per kWh");
    row(
        charging ? "driver paid" : "pile paid",
        "%s = %s for %s%s"
            .formatted(
                Figures.sat(result.amount()),
                Figures.msat(result.amount()),
                Figures.energy(result.paid()),
                perKwh()));
    row(
        "increments",
        "%s of %s, each signed by both; the last commitment is number %s"
            .formatted(
                Figures.grouped(result.increments()),
                Figures.energy(options.increment()),
                Figures.grouped(result.commitments())));
    row(
        "one increment",
        "%s from claim to money (median), %s at the 99th percentile"
            .formatted(
                Figures.milliseconds(result.updateTime().median()),
                Figures.milliseconds(result.updateTime().p99())));
    row(
        "never unpaid",
        "more than %s; the credit is %s and what flows while the contactor opens"
            .formatted(Figures.energy(result.maxUnpaid()), Figures.energy(options.credit())));
    MilliWattHours lost = result.energy().minusOrZero(result.paid());
    if (lost.value() > 0) {
      row("left unpaid", "%s at the end".formatted(Figures.energy(lost)));
    }
  }

  private void ending() {
    out.println();
    row(
        "ended",
        switch (result.outcome()) {
          case COOPERATIVE_CLOSE -> "cooperative close: both signed one transaction that pays both";
          case UNILATERAL_CLOSE ->
              "unilateral close: one side published its last commitment and waited its delay out";
          case BREACH_REMEDIED ->
              "breach remedied: the driver published a revoked commitment and lost everything";
        });
    row("funded by", result.funding().toString());
    String title = "settled by";
    for (TxId transaction : result.settlement()) {
      row(title, transaction.toString());
      title = "";
    }
  }

  private void money() {
    out.println();
    amount("to the pile", result.pileReceived());
    amount("to the driver", result.driverReceived());
    amount("fees", result.fees());
    out.printf("  %-14s  %s%n", "", "-".repeat(16));
    amount("channel", result.capacity());
  }

  private void means() {
    out.println();
    row("transport", result.transport());
    row("chain", result.chain());
    row("signer", result.signer());
    row("pile's store", Figures.bytes(result.storeBytes()));
    options.directory().ifPresent(folder -> row("kept in", folder.toString()));
  }

  private void row(String title, String text) {
    out.printf("  %-14s  %s%n", title, text);
  }

  private void amount(String title, Satoshi amount) {
    out.printf("  %-14s  %16s%n", title, Figures.sat(amount));
  }

  /** What a kilowatt-hour came to, when the whole session went one way. */
  private String perKwh() {
    boolean oneWay = result.imported().value() == 0 || result.exported().value() == 0;
    if (!oneWay || result.paid().value() == 0) {
      return "";
    }
    Amount rate =
        new Amount(
            BigInteger.valueOf(result.amount().value())
                .multiply(BigInteger.valueOf(MilliWattHours.PER_KWH))
                .divide(BigInteger.valueOf(result.paid().value()))
                .longValueExact());
    return ": %s a kWh".formatted(Figures.sat(rate));
  }
}
