package chargepile.agent.cli.inspect;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile inspect}. */
@Command(
    name = "inspect",
    sortOptions = false,
    description = {
      "Show what a store holds: channels, balances, updates, registers, journal.",
      "Only reads; works beside an agent that is running."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class InspectCommand implements Callable<Integer> {
  private static final int LONGEST_JOURNAL = 1_000_000;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "STORE", description = "The database file of a pile or driver.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object, on one line.")
  private boolean json;

  @Option(
      names = "--journal",
      paramLabel = "N",
      defaultValue = "10",
      description = "Show the last N entries of the journal (default ${DEFAULT-VALUE}).")
  private int journalRows;

  @Option(
      names = "--channel",
      paramLabel = "ID",
      defaultValue = "",
      description = "Show only the channels whose id begins with these hex digits.")
  private String channel;

  @Override
  public Integer call() throws CommandFailedException {
    common.applyTo(LogLevel.WARN);
    if (journalRows < 0 || journalRows > LONGEST_JOURNAL) {
      throw new ParameterException(
          spec.commandLine(),
          "--journal must be from 0 to %d, not %d".formatted(LONGEST_JOURNAL, journalRows));
    }
    if (!channel.matches("[0-9a-fA-F]{0,64}")) {
      throw new ParameterException(
          spec.commandLine(),
          "--channel takes the id's first hex digits, up to 64, not \"" + channel + "\"");
    }
    StoreReport report;
    try (StoreView store = SqliteStore.openReadOnly(file)) {
      report = StoreReport.read(file, store, channel.toLowerCase(Locale.ROOT), journalRows);
    }
    if (report.channels().isEmpty() && !channel.isEmpty()) {
      throw new CommandFailedException(
          "%s has no channel whose id begins with %s; it has %d channels"
              .formatted(file, channel, report.snapshot().channels().size()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(StoreJson.of(report));
    } else {
      new StoreTable(out, report).print();
    }
    out.flush();
    requireReadable(report);
    if (report.damage().isPresent()) {
      throw report.damage().get();
    }
    return 0;
  }

  private static void requireReadable(StoreReport report) throws CommandFailedException {
    List<String> unreadable =
        report.channels().stream()
            .flatMap(c -> c.problem().map(p -> c.row().id() + ": " + p).stream())
            .toList();
    if (!unreadable.isEmpty()) {
      throw new CommandFailedException(
          "the state of %d of the channels can't be read; the rest of the store is shown: %s"
              .formatted(unreadable.size(), String.join("; ", unreadable)));
    }
  }
}
