package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.ReviewLog;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market review order}. */
@Command(
    name = "order",
    sortOptions = false,
    description = {
      "Have the contract apply the rules to an order, once: it is approved, or rejected with the"
          + " first rule that",
      "it breaks. Exit code 0 either way."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ReviewOrderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ORDER", description = "Its key, as `review waiting` shows it.")
  private String order;

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
          Market market = desk.market();
          ContractTerms terms = ShowOrderCommand.terms(market, order);
          EvmBlock head = market.head();
          EvmReceipt receipt =
              desk.done(
                  market
                      .board()
                      .review(
                          market.orders().address(),
                          terms,
                          market.board().publications(head, market.since()),
                          meter(market, terms, head)));
          receipt.logs().stream()
              .flatMap(log -> market.board().decode(log).stream())
              .forEach(
                  log -> {
                    if (log instanceof ReviewLog.Reviewed reviewed) {
                      Trading.said(out, verdict(reviewed, receipt));
                    }
                  });
        });
    return 0;
  }

  private static String verdict(ReviewLog.Reviewed reviewed, EvmReceipt receipt) {
    return reviewed
        .broken()
        .map(
            rule ->
                "rejected, in block %d: %s"
                    .formatted(receipt.block(), Lines.why(new RejectionReason.Rule(rule))))
        .orElseGet(() -> "approved, in block " + receipt.block());
  }

  private static PublicKey meter(Market market, ContractTerms terms, EvmBlock head)
      throws CommandFailedException {
    return market
        .registry()
        .meter(ChainNames.word(terms.order().point().pile()), head, market.since())
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "no log since block %d registers a meter of the pile %s: is --first-block too late?"
                        .formatted(market.since(), terms.order().point().pile().value())));
  }
}
