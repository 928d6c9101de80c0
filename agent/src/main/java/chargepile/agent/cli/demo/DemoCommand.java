package chargepile.agent.cli.demo;

import chargepile.agent.chain.bitcoind.PrivateNode;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.cli.demo.DemoOptions.OnChain;
import chargepile.agent.config.LogLevel;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.Tariff;
import chargepile.agent.evm.PrivateAnvil;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.PowerTrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chargepile demo}. */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Charge a simulated car, end to end: meter pulses in, signed commitments, money settled.",
      "Pile and driver run as two agents that share only an MQTT broker and a chain."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final BigDecimal LARGEST_INCREMENT_WH = BigDecimal.valueOf(100_000);
  private static final BigDecimal LARGEST_CREDIT_WH = BigDecimal.valueOf(1_000_000);
  private static final long HIGHEST_PRICE = 1_000_000_000_000L;
  private static final long LEAST_TOKEN_PRICE = 100;
  private static final Satoshi SMALLEST_CAPACITY = new Satoshi(20_000);
  private static final Satoshi USUAL_CAPACITY = new Satoshi(1_000_000);

  /** BOLT 2's limit without {@code option_support_large_channel}. */
  private static final Satoshi LARGEST_CAPACITY = new Satoshi((1L << 24) - 1);

  /** What is on the command line for {@link DemoOptions.OnLedger}. */
  private enum LedgerChoice {
    BITCOIN,
    EVM
  }

  private final DemoRunner runner;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Replay this CSV file, seconds,power_w or seconds,energy_wh (default: a built-in car, 45"
              + " min, 5.4 kWh).")
  private @Nullable Path trace;

  @Option(
      names = "--imp-per-kwh",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Pulses of the meter per kilowatt-hour (default ${DEFAULT-VALUE}).")
  private int impulsesPerKwh;

  @Option(
      names = "--increment",
      paramLabel = "WH",
      defaultValue = "100",
      description = "The energy that one signed update pays for (default ${DEFAULT-VALUE}).")
  private BigDecimal incrementWh;

  @Option(
      names = "--credit",
      paramLabel = "WH",
      description = "The energy that may be unpaid; 0 is prepaid (default: one increment).")
  private @Nullable BigDecimal creditWh;

  @Option(
      names = "--price",
      paramLabel = "N_PER_KWH",
      defaultValue = "1000000",
      description =
          "Per kilowatt-hour, in millisatoshi, or with --ledger evm in the token's smallest unit"
              + " (default ${DEFAULT-VALUE}: 1 satoshi a Wh, or 1 token a kWh).")
  private long pricePerKwh;

  @Option(
      names = "--capacity",
      paramLabel = "SAT",
      description = "The channel's capacity (default: 1000000, or twice the trace's price).")
  private @Nullable Long capacitySat;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "0",
      description = "1 is real time, 60 a minute a second, 0 as fast as it goes (the default).")
  private double speed;

  @Option(names = "--export", description = "The trace discharges the car: the pile pays (V2G).")
  private boolean export;

  @Option(
      names = "--cheat",
      description =
          "After the session the driver publishes a revoked commitment, or closes with an old"
              + " voucher.")
  private boolean cheat;

  @Option(names = "--vanish", description = "The driver disappears in the middle of the session.")
  private boolean vanish;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description =
          "Use this MQTT broker, tcp://host:port or ssl://host:port (default: a private mosquitto,"
              + " or memory where there is none).")
  private @Nullable URI broker;

  @Option(
      names = "--ledger",
      paramLabel = "LEDGER",
      defaultValue = "bitcoin",
      description =
          "bitcoin: a penalty channel. evm: a market and a voucher channel on a"
              + " private EVM chain, which the demo starts and stops (default"
              + " ${DEFAULT-VALUE}).")
  private LedgerChoice ledger;

  @Option(
      names = "--anvil",
      paramLabel = "FILE",
      description =
          "The program of the EVM chain, for --ledger evm (default: on the PATH, or what the build"
              + " fetched).")
  private @Nullable Path anvil;

  @Option(
      names = "--chain",
      paramLabel = "CHAIN",
      description =
          "embedded: a chain in this process; bitcoind: a private regtest node, started and"
              + " stopped by the demo (default embedded).")
  private @Nullable OnChain chain;

  @Option(
      names = "--bitcoind",
      paramLabel = "FILE",
      description =
          "The node's program, for --chain bitcoind (default: on the PATH, or what the build"
              + " unpacked).")
  private @Nullable Path bitcoind;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the stores in this new or empty folder (default: none are kept).")
  private @Nullable Path directory;

  @Option(
      names = "--json",
      description = "Print nothing but one JSON object, on one line, at the end.")
  private boolean json;

  /** A command that runs the demo with {@code runner}. Picocli fills the fields. */
  @SuppressWarnings("NullAway.Init")
  public DemoCommand(DemoRunner runner) {
    this.runner = runner;
  }

  @Override
  public Integer call()
      throws CommandFailedException, DemoFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    DemoOptions options = options();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(DemoJson.of(options, runner.run(options, DemoProgress.NONE)));
    } else {
      ProgressLine line = ProgressLine.on(out, options);
      DemoResult result;
      try {
        result = runner.run(options, line);
      } finally {
        line.end();
      }
      DemoSummary.print(out, options, result);
    }
    out.flush();
    return 0;
  }

  private DemoOptions options() throws CommandFailedException {
    require(!(cheat && vanish), "--cheat and --vanish: a driver does one or the other");
    require(
        !(cheat && export),
        "--cheat and --export: a driver who was paid gains nothing by publishing an old state");
    require(
        impulsesPerKwh >= 1 && impulsesPerKwh <= MeterSettings.MAXIMUM_IMPULSES_PER_KWH,
        "--imp-per-kwh must be from 1 to %d, not %d"
            .formatted(MeterSettings.MAXIMUM_IMPULSES_PER_KWH, impulsesPerKwh));
    require(
        pricePerKwh >= 0 && pricePerKwh <= HIGHEST_PRICE,
        "--price must be from 0 to %d, not %d".formatted(HIGHEST_PRICE, pricePerKwh));
    require(
        Double.isFinite(speed) && speed >= 0,
        "--speed must be 0 or more, such as 60, not " + speed);
    MilliWattHours increment = energy("--increment", incrementWh, LARGEST_INCREMENT_WH);
    MilliWattHours pulse =
        new MilliWattHours((MilliWattHours.PER_KWH + impulsesPerKwh - 1) / impulsesPerKwh);
    require(
        increment.compareTo(pulse) >= 0,
        "--increment %s is less than one pulse of the meter: with --imp-per-kwh %d at least %s Wh"
            .formatted(incrementWh, impulsesPerKwh, BigDecimal.valueOf(pulse.value(), 3)));
    MilliWattHours credit =
        creditWh == null ? increment : energy("--credit", creditWh, LARGEST_CREDIT_WH);
    require(
        credit.value() == 0 || credit.compareTo(increment) >= 0,
        "--credit must be 0 (prepaid) or at least one increment of %s Wh, not %s"
            .formatted(incrementWh, creditWh));
    Optional<URI> url = Optional.ofNullable(broker);
    url.ifPresent(this::requireBroker);
    PowerTrace powers = powers();
    Amount price = new Amount(pricePerKwh);
    return new DemoOptions(
        trace == null ? "a built-in car" : trace.toString(),
        powers,
        powers.importMilliWattHours() >= powers.exportMilliWattHours()
            ? Direction.IMPORT
            : Direction.EXPORT,
        impulsesPerKwh,
        increment,
        credit,
        price,
        speed,
        cheat ? DriverConduct.CHEAT : vanish ? DriverConduct.VANISH : DriverConduct.HONEST,
        url,
        emptyDirectory(),
        switch (ledger) {
          case BITCOIN -> bitcoin(powers, price);
          case EVM -> evm(powers);
        });
  }

  private DemoOptions.OnLedger bitcoin(PowerTrace powers, Amount price)
      throws CommandFailedException {
    require(anvil == null, "--anvil: only --ledger evm starts an EVM chain");
    Optional<Long> wanted = Optional.ofNullable(capacitySat);
    wanted.ifPresent(this::requireCapacity);
    OnChain on = chain == null ? OnChain.EMBEDDED : chain;
    return new DemoOptions.OnLedger.Bitcoin(
        wanted.isPresent() ? new Satoshi(wanted.get()) : capacity(powers, price), on, program(on));
  }

  private DemoOptions.OnLedger evm(PowerTrace powers) throws CommandFailedException {
    require(chain == null && bitcoind == null, "--chain and --bitcoind: not with --ledger evm");
    require(capacitySat == null, "--capacity: a channel of Bitcoin has one, --ledger evm has none");
    require(!export, "--export: not with --ledger evm, where the driver's car only charges");
    require(
        pricePerKwh >= LEAST_TOKEN_PRICE,
        "--price must be at least %d with --ledger evm, so that there is something to bargain for"
            .formatted(LEAST_TOKEN_PRICE));
    if (powers.importMilliWattHours() < MilliWattHours.ofWattHours(1).value()
        || powers.importMilliWattHours() < powers.exportMilliWattHours()) {
      throw new CommandFailedException(
          "%s: charges no car: --ledger evm needs a trace that does, by 1 Wh or more"
              .formatted(trace));
    }
    if (anvil == null) {
      return new DemoOptions.OnLedger.Evm(Optional.empty());
    }
    if (!PrivateAnvil.isProgram(anvil)) {
      throw new CommandFailedException(
          anvil + " is no program: --anvil takes the file of Foundry's anvil");
    }
    return new DemoOptions.OnLedger.Evm(Optional.of(anvil.toAbsolutePath()));
  }

  private Optional<Path> program(OnChain on) throws CommandFailedException {
    if (bitcoind == null) {
      return Optional.empty();
    }
    require(on == OnChain.BITCOIND, "--bitcoind: only --chain bitcoind starts a node");
    if (!PrivateNode.isProgram(bitcoind)) {
      throw new CommandFailedException(
          bitcoind + " is no program: --bitcoind takes the file of a bitcoind");
    }
    return Optional.of(bitcoind.toAbsolutePath());
  }

  private PowerTrace powers() throws CommandFailedException {
    PowerTrace read = trace == null ? PowerTrace.builtIn() : PowerTrace.read(trace);
    if (read.importMilliWattHours() + read.exportMilliWattHours() == 0) {
      throw new CommandFailedException(
          trace + ": moves no energy: nothing to charge; give a trace with power in it");
    }
    return export ? read.discharging() : read;
  }

  /** Twice what the trace costs, in steps of 100 000 sat. */
  private Satoshi capacity(PowerTrace powers, Amount price) {
    Tariff tariff = new Tariff(1, price, price, Amount.ZERO);
    long moved = Math.max(powers.importMilliWattHours(), powers.exportMilliWattHours());
    Amount cost = tariff.due(Direction.IMPORT, new MilliWattHours(moved), Duration.ZERO);
    long step = USUAL_CAPACITY.value() / 10;
    Satoshi roomy = new Satoshi((Satoshi.floor(cost).value() / step + 1) * step * 2);
    require(
        roomy.compareTo(LARGEST_CAPACITY) <= 0,
        "the trace costs %d sat at this price, too much for one channel of at most %d sat; lower"
                .formatted(Satoshi.floor(cost).value(), LARGEST_CAPACITY.value())
            + " --price, or give the --capacity at which charging is to stop");
    return roomy.compareTo(USUAL_CAPACITY) < 0 ? USUAL_CAPACITY : roomy;
  }

  private Optional<Path> emptyDirectory() throws CommandFailedException {
    if (directory == null) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(directory);
      try (Stream<Path> content = Files.list(directory)) {
        if (content.findAny().isPresent()) {
          throw new CommandFailedException(
              directory + " is not empty: --data takes a folder that is new or empty");
        }
      }
      return Optional.of(directory.toRealPath());
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailedException(directory + " is a file: --data takes a folder", e);
    } catch (IOException e) {
      throw new CommandFailedException(directory + " can't be used as a folder: " + e, e);
    }
  }

  private MilliWattHours energy(String option, BigDecimal wattHours, BigDecimal largest) {
    BigDecimal milli = wattHours.movePointRight(3);
    require(
        milli.signum() >= 0
            && wattHours.compareTo(largest) <= 0
            && milli.stripTrailingZeros().scale() <= 0,
        "%s must be from 0 to %s Wh, with at most three decimals, not %s"
            .formatted(option, largest, wattHours));
    return new MilliWattHours(milli.longValueExact());
  }

  private void requireCapacity(long satoshi) {
    require(
        satoshi >= SMALLEST_CAPACITY.value() && satoshi <= LARGEST_CAPACITY.value(),
        "--capacity must be from %d to %d sat, not %d"
            .formatted(SMALLEST_CAPACITY.value(), LARGEST_CAPACITY.value(), satoshi));
  }

  private void requireBroker(URI url) {
    try {
      BrokerSettings.of(url, "demo");
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--broker: " + e.getMessage(), e);
    }
  }

  private void require(boolean fits, String otherwise) {
    if (!fits) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
