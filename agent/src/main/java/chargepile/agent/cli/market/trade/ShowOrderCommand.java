package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.evm.market.OrderStanding;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market orders show}. */
@Command(
    name = "show",
    sortOptions = false,
    description = "Show an order's terms, where it stands, and what is in escrow.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ShowOrderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ORDER", description = "Its key, as `orders list` shows it.")
  private String order;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    OrderKey key = Arguments.order(order);
    trading.look(
        market -> {
          OrderReport report = report(market, key);
          if (json) {
            out.println(JsonText.of(report.json()));
          } else {
            report.print(out);
          }
        });
    out.flush();
    return 0;
  }

  static OrderReport report(Market market, OrderKey key) throws CommandFailedException {
    EvmBlock head = market.head();
    OrderStanding standing = market.orders().order(key, BlockRef.hash(head.hash()));
    if (standing.status() == OrderStatus.NONE) {
      throw new CommandFailedException(
          "the order book %s has no order %s".formatted(market.orders().address(), key));
    }
    List<OrderLog> logs =
        market.orders().history(market.since(), head.number()).stream()
            .filter(log -> log.order().equals(key))
            .toList();
    Optional<ContractTerms> terms =
        logs.stream()
            .flatMap(
                log ->
                    log instanceof OrderLog.Requested asked
                        ? asked.terms().stream()
                        : Stream.empty())
            .findFirst();
    return new OrderReport(key, terms, standing, logs);
  }

  /** The terms of an order that something is to be done with. */
  static ContractTerms terms(Market market, String order) throws CommandFailedException {
    OrderKey key = Arguments.order(order);
    return report(market, key)
        .terms()
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "no log since block %d has terms of the order %s that can be agreed to: is --first-block too late?"
                        .formatted(market.since(), key)));
  }
}
