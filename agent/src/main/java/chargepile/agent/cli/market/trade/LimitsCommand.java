package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.market.AgencyLimits;
import chargepile.agent.evm.market.LimitsNotice;
import chargepile.agent.evm.market.Publications;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.review.LineLimit;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market review limits}. */
@Command(
    name = "limits",
    sortOptions = false,
    description =
        "Show what the agency has published: limits, fees, lines and feeders, and what is to come.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LimitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    trading.look(
        market -> {
          EvmBlock head = market.head();
          Publications published = market.board().publications(head, market.since());
          Map<FeederId, Long> feeders = market.board().feeders(head, market.since());
          if (json) {
            out.println(json(published, feeders));
          } else {
            print(out, published, feeders);
          }
        });
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, Publications published, Map<FeederId, Long> feeders) {
    out.println("in force:");
    print(out, published.inForce());
    published
        .next()
        .ifPresent(
            next -> {
              out.println("from " + next.from() + ":");
              print(out, next);
            });
    if (feeders.isEmpty()) {
      out.println("no feeder is published: none bears anything");
    }
    feeders.forEach(
        (feeder, watts) ->
            out.printf(
                "feeder %-32s %s W in each direction%n", feeder.value(), Figures.grouped(watts)));
  }

  private static void print(PrintWriter out, LimitsNotice notice) {
    AgencyLimits limits = notice.limits();
    line(out, "lead", Figures.duration(limits.lead()) + " between review and delivery, at least");
    line(out, "horizon", Figures.duration(limits.horizon()) + " to the end of it, at most");
    line(
        out,
        "price",
        "%s to %s for a kWh".formatted(Lines.units(limits.floor()), Lines.units(limits.cap())));
    line(
        out,
        "fees",
        "%d basis points for the grid, %d for the agency"
            .formatted(limits.fees().gridBasisPoints(), limits.fees().agencyBasisPoints()));
    line(out, "tolerance", limits.mostTolerance() + " basis points at most");
    line(out, "damages", Lines.units(limits.leastDefaultRate()) + " a kWh at least");
    line(
        out,
        "orders",
        "of %s Wh and %s at least"
            .formatted(
                Figures.grouped(limits.leastEnergy().value()),
                Figures.duration(limits.leastWindow())));
    for (LineLimit each : notice.lines()) {
      line(
          out,
          "line",
          "%s bears %s: %s"
              .formatted(
                  each.name(),
                  Figures.grouped(each.limit()),
                  each.microPerWatt().entrySet().stream()
                      .map(entry -> entry.getKey().value() + " " + entry.getValue())
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
  }

  private static void line(PrintWriter out, String what, String value) {
    out.printf("  %-9s %s%n", what, value);
  }

  private static String json(Publications published, Map<FeederId, Long> feeders) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("in_force", json(published.inForce()));
    published.next().ifPresent(next -> all.put("next", json(next)));
    all.put(
        "feeders_w",
        feeders.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().value(),
                    Map.Entry::getValue,
                    (one, other) -> one,
                    LinkedHashMap::new)));
    return JsonText.of(all);
  }

  private static Map<String, Object> json(LimitsNotice notice) {
    AgencyLimits limits = notice.limits();
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("from", notice.from().toString());
    one.put("lead_s", limits.lead().toSeconds());
    one.put("horizon_s", limits.horizon().toSeconds());
    one.put("floor", limits.floor().value());
    one.put("cap", limits.cap().value());
    one.put("grid_bp", limits.fees().gridBasisPoints());
    one.put("agency_bp", limits.fees().agencyBasisPoints());
    one.put("tolerance_bp", limits.mostTolerance());
    one.put("default_rate", limits.leastDefaultRate().value());
    one.put("energy_wh", limits.leastEnergy().value());
    one.put("window_s", limits.leastWindow().toSeconds());
    one.put("lines", notice.lines().stream().map(LineLimit::name).toList());
    return one;
  }
}
