package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.eip712.ContractTerms;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market review veto}. */
@Command(
    name = "veto",
    sortOptions = false,
    description = {
      "Say the agency's own no to an order, for a reason that is logged with its account. Both"
          + " sides have",
      "their money back."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class VetoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ORDER", description = "Its key, as `review waiting` shows it.")
  private String order;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      required = true,
      description = "${COMPLETION-CANDIDATES}, in either case.")
  private VetoReason reason;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    trading.act(
        out,
        desk -> {
          ContractTerms terms = ShowOrderCommand.terms(desk.market(), order);
          EvmReceipt receipt =
              desk.done(
                  desk.market().board().veto(desk.market().orders().address(), terms, reason));
          Trading.said(
              out,
              "rejected, in block %d: %s"
                  .formatted(receipt.block(), Lines.why(new RejectionReason.Veto(reason))));
        });
    return 0;
  }
}
