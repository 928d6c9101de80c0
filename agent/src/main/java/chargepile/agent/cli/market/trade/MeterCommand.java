package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MeterRecord;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market orders settle-by-meter}. */
@Command(
    name = "settle-by-meter",
    sortOptions = false,
    description = {
      "Settle an order by what the pile's meter signed, whoever brings it, once the buyer has had"
          + " time to",
      "show receipts."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class MeterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ORDER", description = "Its key, as `orders list` shows it.")
  private String order;

  @Option(
      names = "--taken-wh",
      paramLabel = "N",
      required = true,
      description = "The energy that flowed, in Wh.")
  private long taken;

  @Option(
      names = "--available-wh",
      paramLabel = "N",
      required = true,
      description = "The energy that the seller had ready, in Wh.")
  private long available;

  @Option(
      names = "--read-at",
      paramLabel = "TIME",
      required = true,
      description = "When the meter was read, not before the end of the delivery.")
  private String readAt;

  @Option(
      names = "--meter-signature",
      paramLabel = "HEX",
      required = true,
      description = "The meter's signature of just this.")
  private String meter;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Instant time = Arguments.time("--read-at", readAt);
    EvmSignature signature = Arguments.signature("--meter-signature", meter).orElseThrow();
    trading.act(
        out,
        desk -> {
          ContractTerms terms = ShowOrderCommand.terms(desk.market(), order);
          OrderStepCommands.said(
              out,
              desk,
              terms,
              desk.done(desk.market().orders().settleByMeter(terms, said(terms, time), signature)));
          ShowOrderCommand.report(desk.market(), terms.key()).print(out);
          out.flush();
        });
    return 0;
  }

  private MeterRecord said(ContractTerms terms, Instant time) throws CommandFailedException {
    try {
      return new MeterRecord(terms.key(), new WattHours(available), new WattHours(taken), time);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "--taken-wh %d, --available-wh %d: 0 or more, and what was taken was available"
              .formatted(taken, available),
          e);
    }
  }
}
