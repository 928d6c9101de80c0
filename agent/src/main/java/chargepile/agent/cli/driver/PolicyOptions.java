package chargepile.agent.cli.driver;

import chargepile.agent.cli.node.Trading;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the driver agrees to without asking; terms and increments beyond are refused. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PolicyOptions {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PILE_TIMEOUT = Duration.ofMinutes(2);
  private static final long HIGHEST_PRICE = 9_000_000_000_000_000L;
  private static final long MOST_SAT = 2_100_000_000_000_000L;
  private static final long USUAL_CAPACITY = 200_000;
  private static final long USUAL_AMOUNT = 100_000;

  /** Two pulses of a coarse meter. */
  private static final long PULSES_MWH = 20_000;

  private static final long OPENING_SECONDS = 2;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--capacity",
      paramLabel = "SAT",
      description = "Of the channel that is opened when there is none (default 200000).")
  private @Nullable Long capacity;

  @Option(
      names = "--deposit",
      paramLabel = "UNITS",
      description =
          "With --evm what is put into a channel that is opened, in base units of the token"
              + " (default: deposit_base_units of that file).")
  private @Nullable Long deposit;

  @Option(
      names = "--max-price",
      paramLabel = "PRICE",
      defaultValue = "1000000",
      description =
          "The highest price of a kilowatt-hour, in msat, or with --evm in base units of the token"
              + " (default ${DEFAULT-VALUE}).")
  private long maxPrice;

  @Option(
      names = "--max-minute-price",
      paramLabel = "PRICE",
      defaultValue = "0",
      description = "The highest price of a minute, likewise (default ${DEFAULT-VALUE}).")
  private long maxMinutePrice;

  @Option(
      names = "--max-energy",
      paramLabel = "WH",
      defaultValue = "100000",
      description = "The most energy of the session (default ${DEFAULT-VALUE}).")
  private long maxEnergy;

  @Option(
      names = "--max-amount",
      paramLabel = "AMOUNT",
      description =
          "The most money of the session, in satoshi (default 100000), or with --evm in base units"
              + " of the token (default: as much as the deposit).")
  private @Nullable Long maxAmount;

  @Option(
      names = "--max-power",
      paramLabel = "W",
      defaultValue = "22000",
      description = "The most the pile may be rated at (default ${DEFAULT-VALUE}).")
  private long maxPower;

  @Option(
      names = "--max-minutes",
      paramLabel = "MIN",
      defaultValue = "1440",
      description = "The longest session (default ${DEFAULT-VALUE}).")
  private long maxMinutes;

  @Option(
      names = "--max-increment",
      paramLabel = "WH",
      defaultValue = "10000",
      description = "The most energy of one update (default ${DEFAULT-VALUE}).")
  private long maxIncrement;

  @Option(
      names = "--min-export-price",
      paramLabel = "PRICE",
      defaultValue = "-1",
      description =
          "The lowest price of a kilowatt-hour out of the car, in msat or base units. Without it"
              + " none is given.")
  private long minExportPrice;

  @Option(
      names = "--chain-grace",
      paramLabel = "MIN",
      defaultValue = "10",
      description =
          "How long to charge on while the chain can't be asked (default ${DEFAULT-VALUE}).")
  private long chainGrace;

  private void check() {
    if (capacity != null) {
      within("--capacity", capacity, 20_000, MOST_SAT);
    }
    if (deposit != null) {
      within("--deposit", deposit, 1, Long.MAX_VALUE);
    }
    within("--max-price", maxPrice, 0, HIGHEST_PRICE);
    within("--max-minute-price", maxMinutePrice, 0, HIGHEST_PRICE);
    within("--max-energy", maxEnergy, 1, 10_000_000);
    if (maxAmount != null) {
      within("--max-amount", maxAmount, 1, Long.MAX_VALUE);
    }
    within("--max-power", maxPower, 1, 1_000_000);
    within("--max-minutes", maxMinutes, 1, 43_200);
    within("--max-increment", maxIncrement, 1, 100_000);
    within("--chain-grace", chainGrace, 0, 1440);
    within("--min-export-price", minExportPrice, -1, HIGHEST_PRICE);
  }

  /**
   * Checks that what was said goes with the ledger; to be called before anything is opened.
   *
   * @param evm whether it is an EVM chain
   */
  void check(boolean evm) {
    check();
    if (evm && capacity != null) {
      throw new ParameterException(
          spec.commandLine(), "--capacity is of a Bitcoin channel: with --evm say --deposit");
    }
    if (!evm && deposit != null) {
      throw new ParameterException(
          spec.commandLine(), "--deposit goes with --evm: on Bitcoin say --capacity");
    }
    if (!evm && maxAmount != null) {
      within("--max-amount", maxAmount, 1, MOST_SAT);
    }
  }

  /** The policy on a ledger. */
  DriverPolicy policy(DriverLedger ledger) {
    return switch (ledger) {
      case BitcoinDriverLedger bitcoin ->
          policy(
              new DriverPolicy.Funding(
                  new Satoshi(capacity == null ? USUAL_CAPACITY : capacity),
                  Amount.ZERO,
                  bitcoin.feerate()),
              new Satoshi(maxAmount == null ? USUAL_AMOUNT : maxAmount).toAmount());
      case EvmDriverLedger evm -> {
        Amount into = deposit == null ? evm.deposit() : new Amount(deposit);
        yield policy(
            new DriverPolicy.Deposit(into), maxAmount == null ? into : new Amount(maxAmount));
      }
    };
  }

  /** Whether energy may flow out of the car. */
  boolean exports() {
    return minExportPrice >= 0;
  }

  /**
   * The same policy for a driver who charges what it has ordered, and nothing else: the order says
   * the price, and the pile's own terms are too dear at any.
   */
  static DriverPolicy ordered(DriverPolicy policy, Trading.Want want) {
    Limits limits = policy.limits();
    return new DriverPolicy(
        Amount.ZERO,
        Amount.ZERO,
        Amount.ZERO,
        policy.largestIncrement(),
        EnumSet.of(Direction.IMPORT),
        new Limits(
            MilliWattHours.ofWattHours(want.energy().value()),
            want.budget(),
            limits.powerWatts(),
            limits.duration()),
        policy.tolerance(),
        policy.funding(),
        policy.closeTimeout(),
        policy.pileTimeout(),
        policy.grace());
  }

  private DriverPolicy policy(DriverPolicy.Opening opening, Amount most) {
    Set<Direction> directions = EnumSet.of(Direction.IMPORT);
    if (minExportPrice >= 0) {
      directions.add(Direction.EXPORT);
    }
    return new DriverPolicy(
        new Amount(maxPrice),
        new Amount(maxMinutePrice),
        new Amount(Math.max(0, minExportPrice)),
        MilliWattHours.ofWattHours(maxIncrement),
        directions,
        new Limits(
            MilliWattHours.ofWattHours(maxEnergy), most, maxPower, Duration.ofMinutes(maxMinutes)),
        new MilliWattHours(PULSES_MWH + maxPower * 1000 * OPENING_SECONDS / 3600),
        Optional.of(opening),
        CLOSE_TIMEOUT,
        PILE_TIMEOUT,
        Duration.ofMinutes(chainGrace));
  }

  /** The policy of a driver who takes no new terms, and pays what it agreed to before. */
  static DriverPolicy nothingNew() {
    return new DriverPolicy(
        Amount.ZERO,
        Amount.ZERO,
        new Amount(HIGHEST_PRICE),
        new MilliWattHours(1),
        Set.of(Direction.IMPORT),
        Limits.NONE,
        new MilliWattHours(PULSES_MWH),
        Optional.empty(),
        CLOSE_TIMEOUT,
        PILE_TIMEOUT);
  }

  private void within(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be from %d to %d, not %d".formatted(option, least, most, value));
    }
  }
}
