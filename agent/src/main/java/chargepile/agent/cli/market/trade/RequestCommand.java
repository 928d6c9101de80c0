package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.OrderStanding;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.market.order.eip712.ContractTerms;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market orders request} (P2-06). */
@Command(
    name = "request",
    sortOptions = false,
    description = {
      "Ask for an order, as its buyer: of a listing, of a match, or of a seller you know. The price"
          + " and your",
      "default amount go into escrow. What the terms take from elsewhere (pile, meter, feeder,"
          + " fees) is as the",
      "registry and the agency have published it. Prints the terms and the order's key."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RequestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RequestOptions options;

  @Option(
      names = "--sign-only",
      description = {
        "Print your signature of the terms besides, and send nothing: with it the seller's"
            + " confirmation",
        "establishes the order."
      })
  private boolean signOnly;

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
          ContractTerms terms = options.terms(desk);
          if (signOnly) {
            Trading.said(out, desk.signed(terms).toString());
            return;
          }
          OrderStanding before = desk.market().orders().order(terms.key(), BlockRef.LATEST);
          if (before.status() != OrderStatus.NONE) {
            throw new CommandFailedException(
                "you have asked for just this before: order %s, %s. For another one give another --id"
                    .formatted(terms.key(), before.status().text()));
          }
          desk.allow("request/" + terms.key(), terms.order().escrow().buyer());
          EvmReceipt receipt = desk.done(desk.market().orders().request(terms, Optional.empty()));
          Trading.said(out, "requested in block " + receipt.block());
          ShowOrderCommand.report(desk.market(), terms.key()).print(out);
          out.flush();
        });
    return 0;
  }
}
