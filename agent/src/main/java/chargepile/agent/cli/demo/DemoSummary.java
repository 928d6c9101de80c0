package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.io.PrintWriter;
import java.math.BigInteger;

/** A demo's result for people. */
final class DemoSummary {
  private final PrintWriter out;
  private final SummaryLines lines;
  private final DemoOptions options;
  private final DemoResult result;

  private DemoSummary(PrintWriter out, DemoOptions options, DemoResult result) {
    this.out = out;
    this.lines = new SummaryLines(out);
    this.options = options;
    this.result = result;
  }

  static void print(PrintWriter out, DemoOptions options, DemoResult result) {
    DemoSummary summary = new DemoSummary(out, options, result);
    summary.session();
    switch (result) {
      case BitcoinDemoResult bitcoin -> BitcoinSummary.print(summary.lines, bitcoin);
      case EvmDemoResult evm -> EvmSummary.print(summary.lines, evm);
    }
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
    row("price", options.smallest(options.pricePerKwh()) + " per kWh");
    row(
        charging ? "driver paid" : "pile paid",
        "%s for %s%s".formatted(paid(), Figures.energy(result.paid()), perKwh()));
    row(
        "increments",
        "%s of %s, each signed by both; the last %s"
            .formatted(
                Figures.grouped(result.increments()), Figures.energy(options.increment()), last()));
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

  private void means() {
    out.println();
    row("transport", result.transport());
    row("chain", result.chain());
    row("signer", result.signer());
    row("pile's store", Figures.bytes(result.storeBytes()));
    options.directory().ifPresent(folder -> row("kept in", folder.toString()));
  }

  private void row(String title, String text) {
    lines.row(title, text);
  }

  private String paid() {
    String paid = options.money(result.amount());
    String exact = options.smallest(result.amount());
    return paid.equals(exact) ? paid : "%s = %s".formatted(paid, exact);
  }

  private String last() {
    return switch (result) {
      case BitcoinDemoResult bitcoin ->
          "commitment is number " + Figures.grouped(bitcoin.commitments());
      case EvmDemoResult evm -> "voucher is number " + Figures.grouped(evm.vouchers());
    };
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
    return ": %s a kWh".formatted(options.money(rate));
  }
}
