package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.LimitsNotice;
import chargepile.agent.evm.market.Publications;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.review.LineLimit;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market review publish-lines} (P2-10, R9). */
@Command(
    name = "publish-lines",
    sortOptions = false,
    description = {
      "Publish what lines and voltages bear, and how feeders move them, after the contract's"
          + " notice: all of them anew.",
      "The limits stay as they were published last."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PublishLinesCommand implements Callable<Integer> {
  private static final Pattern LINE = Pattern.compile("([^=:,]+)=([0-9]{1,18}):([^:]+)");
  private static final Pattern SHARE = Pattern.compile("([^=:,]+)=(-?[0-9]{1,18})");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME=LIMIT:FEEDER=MICRO,...",
      arity = "0..*",
      description = {
        "A line, what it bears in each direction, and by how many millionths of that unit a watt on"
            + " a feeder moves it,",
        "as in trunk=40000:feeder-1=1000000,feeder-2=500000."
      })
  private final List<String> lines = new ArrayList<>();

  @Option(names = "--none", description = "There are no lines any more.")
  private boolean none;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    if (none != lines.isEmpty()) {
      throw new CommandFailedException("which lines? Give all that are to hold, or --none");
    }
    List<LineLimit> wanted = new ArrayList<>();
    for (String text : lines) {
      wanted.add(line(text));
    }
    trading.act(out, desk -> publish(out, desk, wanted));
    return 0;
  }

  private static void publish(PrintWriter out, Desk desk, List<LineLimit> wanted)
      throws CommandFailedException, InterruptedException {
    Market market = desk.market();
    Publications published = market.board().publications(market.head(), market.since());
    LimitsNotice last = published.next().orElse(published.inForce());
    if (wanted.equals(last.lines())) {
      throw new CommandFailedException("these lines are published already: change one");
    }
    EvmReceipt receipt =
        desk.done(
            market
                .board()
                .publishLimits(
                    "%d/lines/%d".formatted(last.from().getEpochSecond(), wanted.hashCode()),
                    last.limits(),
                    wanted));
    Trading.said(
        out,
        "%d lines published in block %d; in force from %s"
            .formatted(
                wanted.size(),
                receipt.block(),
                market
                    .board()
                    .publications(market.head(), market.since())
                    .next()
                    .map(LimitsNotice::from)
                    .map(Object::toString)
                    .orElse("now")));
  }

  private static LineLimit line(String text) throws CommandFailedException {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw bad(text);
    }
    FeederId name = PublishFeederCommand.named(line.group(1));
    Map<FeederId, Long> shares = new LinkedHashMap<>();
    for (String each : line.group(3).split(",", -1)) {
      Matcher share = SHARE.matcher(each);
      if (!share.matches()) {
        throw bad(text);
      }
      FeederId feeder = PublishFeederCommand.named(share.group(1));
      if (shares.put(feeder, Long.parseLong(share.group(2))) != null) {
        throw new CommandFailedException("\"%s\" has %s twice".formatted(text, feeder.value()));
      }
    }
    return new LineLimit(name.value(), shares, Long.parseLong(line.group(2)));
  }

  private static CommandFailedException bad(String text) {
    return new CommandFailedException(
        "\"%s\" is no line: NAME=LIMIT:FEEDER=MICRO,... is wanted, as in trunk=40000:feeder-1=1000000"
            .formatted(text));
  }
}
