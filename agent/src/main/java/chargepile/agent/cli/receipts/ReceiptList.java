package chargepile.agent.cli.receipts;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.node.TokenName;
import chargepile.agent.runtime.Json;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.SettlementRow;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The receipts of a store, as the options of a command want them. */
public final class ReceiptList {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** Whose store it is, with its words for the other side and for who gives money. */
  public enum Side {
    DRIVER("pile", "paid", "received"),
    PILE("driver", "received", "paid");

    private final String peer;
    private final String imported;
    private final String exported;

    Side(String peer, String imported, String exported) {
      this.peer = peer;
      this.imported = imported;
      this.exported = exported;
    }
  }

  private final Side side;

  @Option(names = "--json", description = "Print nothing but one JSON object, on one line.")
  private boolean json;

  @Option(
      names = "--xml",
      paramLabel = "DIR|FILE",
      description = {
        "Write the meter's signed records as XML, which the S.A.F.E. transparency software reads:",
        "into a folder a file for each session, else all into one file."
      })
  private @Nullable Path xml;

  @Option(
      names = "--certificates",
      paramLabel = "DIR",
      description = {
        "Write the settlement certificates that both sides signed into a folder, a file for each;",
        "`chargepile verify-certificate` reads them."
      })
  private @Nullable Path certificates;

  /** A mixin of a command for that side. */
  public ReceiptList(Side side) {
    this.side = side;
  }

  /** Shows or writes the receipts in the store {@code file}, which is only read. */
  public void show(Path file, PrintWriter out) throws CommandFailedException, IOException {
    List<ReceiptRow> receipts;
    List<SettlementRow> settlements;
    Denomination money;
    try (StoreView store = SqliteStore.openReadOnly(file)) {
      receipts = store.receipts();
      settlements = store.settlements();
      money = TokenName.of(store.load().meta());
    }
    AmountUnit unit = money.unit();
    if (xml != null && certificates != null) {
      throw new CommandFailedException("--xml and --certificates: give one at a time");
    }
    if (certificates != null) {
      SettlementFiles.write(settlements, certificates).forEach(out::println);
    } else if (xml != null) {
      ReceiptXml.write(receipts, xml).forEach(out::println);
    } else if (json) {
      List<Json> rows = receipts.stream().map(receipt -> json(receipt, settlements, unit)).toList();
      out.println(Json.object().put("receipts", Json.array(rows)).end());
    } else if (receipts.isEmpty()) {
      out.println("no session has ended yet");
    } else {
      receipts.forEach(receipt -> print(out, receipt, settlements, money));
    }
    out.flush();
  }

  private void print(
      PrintWriter out, ReceiptRow receipt, List<SettlementRow> settlements, Denomination money) {
    ZoneId zone = ZoneId.systemDefault();
    out.printf("session %s%n", receipt.session());
    row(out, side.peer, receipt.peer().toHex());
    row(
        out,
        "time",
        "%s to %s (%s)"
            .formatted(
                TIME.format(receipt.begun().atZone(zone)),
                TIME.format(receipt.ended().atZone(zone)),
                zone));
    row(out, "ended", receipt.reason().toLowerCase(Locale.ROOT).replace('_', ' '));
    flow(out, money, side.imported, receipt.imported(), true);
    flow(out, money, side.exported, receipt.exported(), false);
    row(
        out,
        "meter",
        receipt
            .metered()
            .map(
                counted ->
                    "%s into the car, %s out of it%s"
                        .formatted(
                            energy(counted.importMwh()),
                            energy(counted.exportMwh()),
                            side == Side.DRIVER ? ", says the pile" : ""))
            .orElse("the pile gave no account of it"));
    row(out, "tariff", tariff(receipt.tariff(), money.unit()));
    row(
        out,
        "channel",
        "%s, %s %d"
            .formatted(
                receipt.channel(),
                switch (money.unit()) {
                  case MILLISATOSHI -> "commitment";
                  case BASE_UNIT -> "voucher";
                },
                receipt.commitmentNumber()));
    row(
        out,
        "records",
        ReceiptXml.records(receipt).isEmpty()
            ? "the meter signed none"
            : "%d, signed by the meter %s"
                .formatted(ReceiptXml.records(receipt).size(), receipt.meterKey().toHex()));
    for (SettlementRow settlement : of(receipt, settlements)) {
      row(out, "settled", "both signed " + SettlementFiles.name(settlement));
    }
  }

  private static List<SettlementRow> of(ReceiptRow receipt, List<SettlementRow> settlements) {
    return settlements.stream().filter(s -> s.session().equals(receipt.session())).toList();
  }

  /** A direction that nothing went is left out, unless it is the usual one. */
  private static void flow(
      PrintWriter out, Denomination money, String title, ReceiptRow.Paid flow, boolean always) {
    if (flow.msat() > 0 || flow.energyMwh() > 0 || always) {
      row(
          out,
          title,
          "%s = %s for %s in %s"
              .formatted(
                  Figures.money(money, new Amount(flow.msat())),
                  Figures.exact(money.unit(), new Amount(flow.msat())),
                  energy(flow.energyMwh()),
                  Figures.duration(Duration.ofMillis(flow.durationMs()))));
    }
  }

  private static String tariff(ReceiptRow.Prices prices, AmountUnit unit) {
    return "%d: %s a kWh, %s a minute; %s for a kWh out of the car"
        .formatted(
            prices.id(),
            Figures.exact(unit, new Amount(prices.importMsatPerKwh())),
            Figures.exact(unit, new Amount(prices.msatPerMinute())),
            Figures.exact(unit, new Amount(prices.exportMsatPerKwh())));
  }

  private static String energy(long milliWattHours) {
    return Figures.energy(new MilliWattHours(milliWattHours));
  }

  private static void row(PrintWriter out, String title, String text) {
    out.printf("  %-8s  %s%n", title, text);
  }

  private Json json(ReceiptRow receipt, List<SettlementRow> settlements, AmountUnit unit) {
    ReceiptRow.Prices tariff = receipt.tariff();
    return Json.object()
        .put("session", receipt.session().toString())
        .put(side.peer, receipt.peer().toHex())
        .put("begun", receipt.begun().toString())
        .put("ended", receipt.ended().toString())
        .put("reason", receipt.reason().toLowerCase(Locale.ROOT))
        .put("import", json(receipt.imported(), unit))
        .put("export", json(receipt.exported(), unit))
        .put("metered", receipt.metered().map(ReceiptList::json).orElse(Json.NULL))
        .put(
            "tariff",
            Json.object()
                .put("id", tariff.id())
                .put("import_%s_per_kwh".formatted(unit.key()), tariff.importMsatPerKwh())
                .put("export_%s_per_kwh".formatted(unit.key()), tariff.exportMsatPerKwh())
                .put("%s_per_minute".formatted(unit.key()), tariff.msatPerMinute())
                .end())
        .put("channel", receipt.channel().toString())
        .put("commitment", receipt.commitmentNumber())
        .put("meter_key", receipt.meterKey().toHex())
        .put("meter_record", ReceiptXml.text(receipt))
        .put(
            "settlements",
            Json.array(of(receipt, settlements).stream().map(ReceiptList::json).toList()))
        .end();
  }

  private static Json json(ReceiptRow.Paid flow, AmountUnit unit) {
    return Json.object()
        .put("energy_mwh", flow.energyMwh())
        .put("duration_ms", flow.durationMs())
        .put("amount_" + unit.key(), flow.msat())
        .end();
  }

  private static Json json(SettlementRow settlement) {
    return Json.object()
        .put("direction", settlement.direction().name().toLowerCase(Locale.ROOT))
        .put("certificate", ArmoredFile.text(ArmoredFile.Kind.SETTLEMENT, settlement.signed()))
        .end();
  }

  private static Json json(ReceiptRow.Metered metered) {
    return Json.object()
        .put("import_mwh", metered.importMwh())
        .put("export_mwh", metered.exportMwh())
        .end();
  }
}
