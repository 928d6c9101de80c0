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
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market review waiting}. */
@Command(
    name = "waiting",
    sortOptions = false,
    description = "Show the orders that wait for a review, and until when: then they expire.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class WaitingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  /** An order that both have signed. */
  private record Waiting(OrderLog.Established order, OrderStanding standing) {}

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    trading.look(
        market -> {
          List<Waiting> waiting = waiting(market);
          if (json) {
            out.println(
                JsonText.of(Map.of("waiting", waiting.stream().map(WaitingCommand::of).toList())));
          } else if (waiting.isEmpty()) {
            out.println("no order waits for a review");
          } else {
            waiting.forEach(
                one ->
                    out.printf(
                        "%s  until %s%n",
                        one.order().order(), one.standing().deadline().orElseThrow()));
          }
        });
    out.flush();
    return 0;
  }

  private static List<Waiting> waiting(Market market) {
    EvmBlock head = market.head();
    List<Waiting> waiting = new ArrayList<>();
    for (OrderLog log : market.orders().history(market.since(), head.number())) {
      if (log instanceof OrderLog.Established established) {
        OrderStanding standing =
            market.orders().order(established.order(), BlockRef.hash(head.hash()));
        if (standing.status() == OrderStatus.ESTABLISHED
            && !standing.deadline().orElseThrow().isBefore(head.time())) {
          waiting.add(new Waiting(established, standing));
        }
      }
    }
    return waiting;
  }

  private static Map<String, Object> of(Waiting waiting) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("order", waiting.order().order().toString());
    one.put("deadline", waiting.standing().deadline().orElseThrow().toString());
    return one;
  }
}
