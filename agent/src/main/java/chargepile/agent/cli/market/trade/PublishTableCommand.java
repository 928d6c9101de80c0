package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.market.order.ConversionTable;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.EnergyType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market review publish-table} (P2-03). */
@Command(
    name = "publish-table",
    sortOptions = false,
    description = {
      "Publish one more conversion table: what a unit of each kind of energy is in watt-hours of"
          + " electricity. Orders",
      "name the table that they were made with, so that it changes none; electricity belongs into"
          + " every table."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PublishTableCommand implements Callable<Integer> {
  private static final Pattern FACTOR =
      Pattern.compile("([a-z0-9-]{1,32})=([0-9]{1,18})/([0-9]{1,18})(?::([!-~]{1,32}))?");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TYPE=N/D:UNIT",
      arity = "1..*",
      description = {
        "A unit of the type is N/D watt-hours, as in hydrogen=100/3:g; electricity=1/1:Wh is meant"
            + " where it is not given."
      })
  private final List<String> factors = new ArrayList<>();

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Map<EnergyType, ConversionTable.Factor> wanted = new LinkedHashMap<>();
    for (String text : factors) {
      put(wanted, text);
    }
    ConversionTable.FIRST.factors().forEach(wanted::putIfAbsent);
    trading.act(
        out,
        desk -> {
          ConversionTables known =
              desk.market().board().tables(desk.market().head(), desk.market().since());
          int last = known.versions().size();
          if (known.versions().getLast().factors().equals(wanted)) {
            throw new CommandFailedException(
                "table %d says just this: change a factor".formatted(last));
          }
          EvmReceipt receipt =
              desk.done(
                  desk.market()
                      .board()
                      .publishTable("%d/%d".formatted(last + 1, wanted.hashCode()), wanted));
          Trading.said(
              out,
              "table %d of %d types published in block %d"
                  .formatted(last + 1, wanted.size(), receipt.block()));
        });
    return 0;
  }

  private static void put(Map<EnergyType, ConversionTable.Factor> wanted, String text)
      throws CommandFailedException {
    Matcher factor = FACTOR.matcher(text);
    if (!factor.matches()) {
      throw new CommandFailedException(
          "\"%s\" is no factor: TYPE=N/D:UNIT is wanted, as in hydrogen=100/3:g".formatted(text));
    }
    try {
      String unit = factor.group(4) == null ? "Wh" : factor.group(4);
      ConversionTable.Factor old =
          wanted.put(
              new EnergyType(factor.group(1)),
              new ConversionTable.Factor(
                  unit, Long.parseLong(factor.group(2)), Long.parseLong(factor.group(3))));
      if (old != null) {
        throw new CommandFailedException("%s is given twice".formatted(factor.group(1)));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(text, e.getMessage()), e);
    }
  }
}
