package chargepile.agent.cli.driver;

import chargepile.agent.channel.Stage;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.TokenName;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.LogLevel;
import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.JournalNote;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile driver status}. */
@Command(
    name = "status",
    sortOptions = false,
    description = {
      "Show the channels of a driver's wallet. Only reads; works beside a running command.",
      "chargepile inspect shows all that the store holds."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The folder of the wallet's seed and store.")
  private Path data;

  @Override
  public Integer call() throws CommandFailedException {
    common.applyTo(LogLevel.WARN);
    Path file = data.resolve(DriverSide.STORE);
    if (!Files.exists(file)) {
      throw new CommandFailedException(
          "%s has no %s: no `driver charge` was started with this --data yet"
              .formatted(data, DriverSide.STORE));
    }
    Snapshot snapshot;
    Optional<JournalNote> blind;
    try (StoreView store = SqliteStore.openReadOnly(file)) {
      snapshot = store.load();
      blind = ChainNotes.outOfSight(store, snapshot.journalSequence());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (snapshot.channels().isEmpty()) {
      out.println("no channel yet");
    }
    Denomination money = TokenName.of(snapshot.meta());
    snapshot.channels().forEach(row -> print(out, row, money));
    new WantFile(data).load().ifPresent(kept -> out.println(bought(kept.want(), money)));
    blind.ifPresent(
        note ->
            out.printf(
                "chain out of sight since %s: %s%n",
                note.at().truncatedTo(ChronoUnit.SECONDS), note.text()));
    out.flush();
    return 0;
  }

  private static String bought(Trading.Want want, Denomination money) {
    return "on the market: %s are being bought since %s, at %s a kWh at most; `driver charge` goes on"
        .formatted(
            Figures.energy(MilliWattHours.ofWattHours(want.energy().value())),
            want.since(),
            Figures.money(money, want.bid().limit()));
  }

  private static void print(PrintWriter out, ChannelRow row, Denomination money) {
    PaymentLeg leg = PeerChannelCodec.decode(row.state()).leg();
    String capacity = Figures.money(money, TokenName.capacity(money, row));
    boolean recovering =
        leg.penalty().filter(channel -> channel.stage() instanceof Stage.Recovering).isPresent();
    if (recovering) {
      out.printf(
          "channel %s of %s: its data was lost; `driver close` asks the pile to close it and takes"
              + " home what is mine%n",
          row.id(), capacity);
      return;
    }
    out.printf(
        "channel %s: %s; %s of %s are mine, %s the pile's; %s %d%n",
        row.id(),
        leg.outcome()
            .map(outcome -> "settled by " + DriverLines.words(outcome))
            .orElse(row.stage()),
        Figures.money(money, new Amount(row.localMsat())),
        capacity,
        Figures.money(money, new Amount(row.remoteMsat())),
        switch (money.unit()) {
          case MILLISATOSHI -> "commitment";
          case BASE_UNIT -> "voucher";
        },
        row.commitmentNumber());
  }
}
