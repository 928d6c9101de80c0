package chargepile.agent.cli;

import chargepile.agent.cli.agency.AgencyCommands;
import chargepile.agent.cli.backup.BackupCommand;
import chargepile.agent.cli.backup.RestoreCommand;
import chargepile.agent.cli.certs.CertsCommands;
import chargepile.agent.cli.demo.DemoCommand;
import chargepile.agent.cli.demo.DemoFailedException;
import chargepile.agent.cli.demo.DemoRun;
import chargepile.agent.cli.demo.DemoRunner;
import chargepile.agent.cli.doctor.DoctorCommand;
import chargepile.agent.cli.driver.DriverCommands;
import chargepile.agent.cli.inspect.InspectCommand;
import chargepile.agent.cli.kgc.KgcCommands;
import chargepile.agent.cli.market.MarketCommands;
import chargepile.agent.cli.receipts.PileReceiptsCommand;
import chargepile.agent.cli.register.RegisterCommand;
import chargepile.agent.cli.run.OpenContactorCommand;
import chargepile.agent.cli.run.RunCommand;
import chargepile.agent.cli.run.TrainCommand;
import chargepile.agent.cli.systemd.Journal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code chargepile}. Exit codes: 0 done, 1 failed (the reason is on stderr), 2 wrong usage, 3 the
 * store is damaged, 130 stopped with Ctrl-C.
 */
@Command(
    name = "chargepile",
    description = "A charging pile that is paid per increment through a payment channel.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the store is damaged, 130 stopped with"
          + " Ctrl-C.",
      "chargepile <command> --help tells the options of a command."
    })
public final class Main implements Callable<Integer> {
  /** The version of the program, as in the parent pom. */
  public static final String VERSION = "0.1.0";

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  /** Made by picocli's rules: its fields are filled when it parses. */
  @SuppressWarnings("NullAway.Init")
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Journal.adopt();
    String command = args.length > 0 ? args[0] : "";
    CleanStop stop =
        CleanStop.watching(
            Thread.currentThread(),
            command.equals("run") ? CleanStop.DAEMONS_PATIENCE : CleanStop.USUAL_PATIENCE,
            command.equals("agency"));
    stop.exit(commandLine(DemoRun::run, args).execute(args));
  }

  /**
   * The command line that understands {@code args}. Only the command that they name is built, for a
   * quick start; all of them when the first argument names none.
   */
  static CommandLine commandLine(DemoRunner demo, String... args) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(demo));
    commands.put("run", RunCommand::new);
    commands.put("open-contactor", OpenContactorCommand::new);
    commands.put("driver", DriverCommands::new);
    commands.put("backup", BackupCommand::new);
    commands.put("restore", RestoreCommand::new);
    commands.put("receipts", PileReceiptsCommand::new);
    commands.put("verify-receipt", VerifyReceiptCommand::new);
    commands.put("certs", CertsCommands::new);
    commands.put("kgc", KgcCommands::new);
    commands.put("register", RegisterCommand::new);
    commands.put("verify-certificate", VerifyCertificateCommand::new);
    commands.put("market", MarketCommands::new);
    commands.put("agency", AgencyCommands::new);
    commands.put("inspect", InspectCommand::new);
    commands.put("check-config", CheckConfigCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("train", () -> new TrainCommand(() -> train(demo)));
    commands.put("help", HelpCommand::new);

    CommandLine root = new CommandLine(new Main());
    root.getCommandSpec()
        .version("chargepile %s (Java %s)".formatted(VERSION, Runtime.version().feature()));
    boolean named = args.length > 0 && !args[0].equals("help") && commands.containsKey(args[0]);
    commands.forEach(
        (name, command) -> {
          if (!named || name.equals(args[0])) {
            root.addSubcommand(name, command.get());
          }
        });
    return Failures.told(root);
  }

  private static void train(DemoRunner demo) throws DemoFailedException {
    int code = commandLine(demo, "demo").execute("demo");
    if (code != 0) {
      throw new DemoFailedException("the demo failed with " + code);
    }
  }

  /** Without a command: says what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }
}
