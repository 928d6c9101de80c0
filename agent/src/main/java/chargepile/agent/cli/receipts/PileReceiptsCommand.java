package chargepile.agent.cli.receipts;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile receipts}. */
@Command(
    name = "receipts",
    sortOptions = false,
    description = {
      "Show, or write for others, the finished sessions of a pile: driver, times, energy, what was"
          + " received, tariff,",
      "channel and last commitment. Only reads; works beside the running daemon."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class PileReceiptsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The pile's configuration, as for `run`.")
  private Path config;

  @Mixin private final ReceiptList receipts = new ReceiptList(ReceiptList.Side.PILE);

  @Override
  public Integer call() throws ConfigException, CommandFailedException, IOException {
    Path data = ConfigFile.load(config).pile().dataDirectory();
    common.applyTo(LogLevel.WARN);
    Path file = data.resolve(PileDaemon.STORE);
    if (!Files.exists(file)) {
      throw new CommandFailedException(
          "%s has no %s: no `run` was started with this configuration yet"
              .formatted(data, PileDaemon.STORE));
    }
    receipts.show(file, spec.commandLine().getOut());
    return 0;
  }
}
