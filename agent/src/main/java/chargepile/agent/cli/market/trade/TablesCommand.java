package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.order.ConversionTable;
import chargepile.agent.market.order.EnergyType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market review tables} (P2-03). */
@Command(
    name = "tables",
    sortOptions = false,
    description = "Show what each kind of energy is worth in electricity, in every table so far.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class TablesCommand implements Callable<Integer> {
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
          List<ConversionTable> all =
              market.board().tables(market.head(), market.since()).versions();
          if (json) {
            out.println(
                JsonText.of(Map.of("tables", all.stream().map(TablesCommand::json).toList())));
          } else {
            all.forEach(table -> print(out, table));
          }
        });
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, ConversionTable table) {
    out.println("table " + table.version());
    for (EnergyType type : types(table)) {
      ConversionTable.Factor factor = factor(table, type);
      out.printf(
          "  %-20s 1 %s is %d/%d Wh%n",
          type.name(), factor.unit(), factor.numerator(), factor.denominator());
    }
  }

  private static Map<String, Object> json(ConversionTable table) {
    Map<String, Object> factors = new LinkedHashMap<>();
    for (EnergyType type : types(table)) {
      ConversionTable.Factor factor = factor(table, type);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("unit", factor.unit());
      one.put("numerator", factor.numerator());
      one.put("denominator", factor.denominator());
      factors.put(type.name(), one);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("version", table.version());
    all.put("factors", factors);
    return all;
  }

  private static List<EnergyType> types(ConversionTable table) {
    return table.factors().keySet().stream()
        .sorted(Comparator.comparing(EnergyType::name))
        .toList();
  }

  private static ConversionTable.Factor factor(ConversionTable table, EnergyType type) {
    ConversionTable.Factor factor = table.factors().get(type);
    if (factor == null) {
      throw new IllegalStateException(type + " is in the table");
    }
    return factor;
  }
}
