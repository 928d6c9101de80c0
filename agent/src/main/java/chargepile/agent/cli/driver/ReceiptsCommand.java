package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.receipts.ReceiptList;
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

/** {@code chargepile driver receipts}. */
@Command(
    name = "receipts",
    sortOptions = false,
    description = {
      "Show, or write for others, the finished sessions of a driver's wallet: pile, times, energy,"
          + " what was paid, tariff,",
      "channel and last commitment. Only reads; works beside a running command."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ReceiptsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The folder of the wallet's seed and store.")
  private Path data;

  @Mixin private final ReceiptList receipts = new ReceiptList(ReceiptList.Side.DRIVER);

  @Override
  public Integer call() throws CommandFailedException, IOException {
    common.applyTo(LogLevel.WARN);
    Path file = data.resolve(DriverSide.STORE);
    if (!Files.exists(file)) {
      throw new CommandFailedException(
          "%s has no %s: no `driver charge` was started with this --data yet"
              .formatted(data, DriverSide.STORE));
    }
    receipts.show(file, spec.commandLine().getOut());
    return 0;
  }
}
