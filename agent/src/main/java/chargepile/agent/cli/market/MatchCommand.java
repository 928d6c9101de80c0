package chargepile.agent.cli.market;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.market.trade.Announcement;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.market.CrossRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market match}. */
@Command(
    name = "match",
    sortOptions = false,
    description = {
      "Match the quotes of one trading cycle: prints the trades, what is left in the book, and"
          + " what",
      "the trading achieved. Exit code 0 also when nothing trades or a quote is refused (it says"
          + " so).",
      "With --announce instead of a file: match the round of a market's quotes on its chain, by its"
          + " own rules, and",
      "announce the matches there."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class MatchCommand implements Callable<Integer> {
  private static final long LARGEST = 64L << 20;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = {
        "CSV that begins with the line " + QuoteFile.HEADER + ".",
        "Its lines come in the order of the file. side: ask or bid; price: per kWh, in the ledger's"
            + " smallest unit;",
        "round: the one that it comes before, from 1. An id that comes again changes its quote's"
            + " price and energy;",
        "with energy_wh 0 it withdraws it. A last column limit may say what the party would really"
            + " take or give:",
        "the cycle is measured by it."
      })
  private @Nullable Path file;

  @Option(
      names = "--cross",
      paramLabel = "RULE",
      defaultValue = "strict",
      description =
          "strict: a bid trades with a lower ask; weak: also with an equal one. Default:"
              + " ${DEFAULT-VALUE}.")
  private CrossRule cross;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--announce",
      description =
          "Match the present round on the chain and announce it; the options below say"
              + " where, and from which account.")
  private boolean announce;

  @Mixin private Announcement announcement;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    if (announce == (file != null)) {
      throw new CommandFailedException("give a file of quotes, or --announce: one of the two");
    }
    if (file == null) {
      announcement.run(out, json);
      return 0;
    }
    CycleRun run = CycleRun.of(cross, QuoteFile.read(file.toString(), text(file)));
    if (json) {
      out.println(MatchReport.json(run));
    } else {
      MatchReport.print(out, run);
    }
    out.flush();
    return 0;
  }

  private static String text(Path file) throws CommandFailedException, IOException {
    if (Files.isDirectory(file)) {
      throw new CommandFailedException(file + " is a folder: give a file of quotes");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw new CommandFailedException(
            "%s is larger than %d MB: no cycle has so many quotes".formatted(file, LARGEST >> 20));
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new CommandFailedException(file + " is no text in UTF-8", e);
    }
  }
}
