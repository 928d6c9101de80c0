package chargepile.agent.cli.run;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.LogLevel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile run}. */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Run a pile: count its energy, sell it, keep its channels, watch the chain.",
      "Ends with Ctrl-C or SIGTERM, with the contactor open; the next start continues."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RunCommand implements Callable<Integer> {
  private static final int MINUTES_A_BLOCK = 10;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration, such as config/chargepile.toml.")
  private Path file;

  @Override
  public Integer call()
      throws ConfigException, CommandFailedException, IOException, InterruptedException {
    Config config = ConfigFile.load(file);
    common.applyTo(config.logLevel().orElse(LogLevel.INFO));
    new PileDaemon(config).run(address -> tell(address, config.ledger()));
    return 0;
  }

  /** On stdout, for people and for scripts. */
  private void tell(PileAddress address, LedgerSettings ledger) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(address);
    switch (ledger) {
      case LedgerSettings.Bitcoin bitcoin -> {
        int delay = bitcoin.channel().toSelfDelay();
        int minutes = delay * MINUTES_A_BLOCK;
        out.printf(
            "to_self_delay %d blocks: a cheat is punished if this pile is without power or chain"
                + " for less than about %d h %d min%n",
            delay, minutes / 60, minutes % 60);
      }
      case LedgerSettings.Evm evm -> {
        Duration least = evm.evm().challengePeriod().least();
        out.printf(
            "challenge period of %d s or more: a stale close is answered if this pile is without"
                + " power or chain for less than about %d h %d min%n",
            least.toSeconds(), least.toHours(), least.toMinutesPart());
      }
    }
    out.flush();
  }
}
