package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.market.OfferedListing;
import chargepile.agent.json.JsonText;
import chargepile.agent.market.order.ListingId;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market publish list}. */
@Command(
    name = "list",
    sortOptions = false,
    description =
        "Show what is offered: price for a kWh in the token's smallest unit, open energy.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ListingsCommand implements Callable<Integer> {
  private static final String ROW = "%7s %7s  %-42s %12s %14s  %-20s  %-20s  %s%n";

  @Spec private CommandSpec spec;

  @Option(names = "--all", description = "Also what is withdrawn, sold out or past.")
  private boolean all;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  static ListingId id(long number) throws CommandFailedException {
    if (number < 1) {
      throw new CommandFailedException("%d: listings count from 1".formatted(number));
    }
    return new ListingId(number);
  }

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    trading.look(
        market -> {
          EvmBlock head = market.head();
          List<OfferedListing> shown =
              market.offers().listings(head, market.since()).stream()
                  .filter(listing -> all || isOpen(listing, head))
                  .toList();
          if (json) {
            out.println(
                JsonText.of(Map.of("listings", shown.stream().map(ListingsCommand::of).toList())));
          } else {
            print(out, shown);
          }
        });
    out.flush();
    return 0;
  }

  private static boolean isOpen(OfferedListing listing, EvmBlock head) {
    return !listing.withdrawn()
        && listing.open().value() > 0
        && listing.window().end().isAfter(head.time());
  }

  private static void print(PrintWriter out, List<OfferedListing> shown) {
    if (shown.isEmpty()) {
      out.println("nothing is offered");
      return;
    }
    out.printf(ROW, "listing", "version", "seller", "Wh", "per kWh", "from", "until", "");
    for (OfferedListing listing : shown) {
      out.printf(
          ROW,
          listing.version().id().value(),
          listing.version().version(),
          listing.seller(),
          Figures.grouped(listing.open().value()),
          Lines.price(listing.price()),
          listing.window().start(),
          listing.window().end(),
          (listing.withdrawn() ? "withdrawn " : "") + listing.type().name());
    }
  }

  private static Map<String, Object> of(OfferedListing listing) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("listing", listing.version().id().value());
    one.put("version", listing.version().version());
    one.put("seller", listing.seller().toString());
    one.put("energy_wh", listing.open().value());
    one.put("price", new BigDecimal(listing.price().toString()));
    one.put("start", listing.window().start().toString());
    one.put("end", listing.window().end().toString());
    one.put("type", listing.type().name());
    one.put("withdrawn", listing.withdrawn());
    return one;
  }
}
