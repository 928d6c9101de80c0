package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market orders list}. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Show orders and where they stand, the newest first.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class OrdersCommand implements Callable<Integer> {
  private static final String ROW = "%-66s  %-11s %12s %14s  %-20s  %-20s%n";

  @Spec private CommandSpec spec;

  @Option(
      names = "--party",
      paramLabel = "ADDRESS",
      description = "Only those that this account sells or buys in.")
  private @Nullable String party;

  @Option(names = "--open", description = "Only those that are not over.")
  private boolean open;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Optional<EvmAddress> of =
        party == null ? Optional.empty() : Optional.of(Arguments.address("--party", party));
    trading.look(
        market -> {
          List<OrderReport> shown = reports(market, of);
          if (json) {
            out.println(
                JsonText.of(Map.of("orders", shown.stream().map(OrderReport::json).toList())));
          } else {
            print(out, shown);
          }
        });
    out.flush();
    return 0;
  }

  private List<OrderReport> reports(Market market, Optional<EvmAddress> of) {
    EvmBlock head = market.head();
    BlockRef at = BlockRef.hash(head.hash());
    List<OrderLog> history = market.orders().history(market.since(), head.number());
    List<OrderReport> all = new ArrayList<>();
    for (OrderLog log : history.reversed()) {
      if (log instanceof OrderLog.Requested asked
          && (of.isEmpty() || of.get().equals(asked.seller()) || of.get().equals(asked.buyer()))) {
        OrderReport report =
            new OrderReport(
                asked.order(),
                asked.terms(),
                market.orders().order(asked.order(), at),
                history.stream().filter(other -> other.order().equals(asked.order())).toList());
        if (!open || !report.standing().status().isOver()) {
          all.add(report);
        }
      }
    }
    return all;
  }

  private static void print(PrintWriter out, List<OrderReport> shown) {
    if (shown.isEmpty()) {
      out.println("there are no such orders");
      return;
    }
    out.printf(ROW, "order", "stands", "Wh", "per kWh", "from", "waits until");
    for (OrderReport report : shown) {
      Optional<ContractTerms> terms = report.terms();
      out.printf(
          ROW,
          report.key(),
          report.standing().status().word(),
          terms.map(known -> Figures.grouped(known.order().energy().value())).orElse("?"),
          terms.map(known -> Lines.price(known.order().price())).orElse("?"),
          terms.map(known -> known.order().window().start().toString()).orElse("?"),
          report.standing().deadline().map(Object::toString).orElse("-"));
    }
  }
}
