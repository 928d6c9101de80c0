package chargepile.agent.config;

import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code chargepile.toml}. */
public final class ConfigFile {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");
  private static final String NAME_ALLOWED =
      "a letter or digit and up to 31 more letters, digits, _ or -";
  private static final String CREDENTIAL = "credential:";

  /** Where the service's lie while it runs; elsewhere there are none, and a path tells it. */
  private static final String USUAL_CREDENTIALS = "/run/credentials/chargepile.service";

  private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]{1,1024}");
  private static final Pattern BROKER =
      Pattern.compile("(tcp|ssl)://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+):[0-9]{1,5}/?");

  private static final List<String> BITCOIN = List.of("chain", "channel", "wallet");
  private static final List<String> EVM = List.of("evm", "market");

  /** What amounts are counted in: the ledger's own. */
  private enum Unit {
    BITCOIN("msat", 1_000_000_000_000L),
    EVM("base_units", EvmSections.HIGHEST_PRICE);

    private final String suffix;
    private final long highestPrice;

    Unit(String suffix, long highestPrice) {
      this.suffix = suffix;
      this.highestPrice = highestPrice;
    }

    private String written() {
      return name().toLowerCase(Locale.ROOT);
    }

    private String price() {
      return "price_%s_per_kwh".formatted(suffix);
    }

    private String exportPrice() {
      return "export_" + price();
    }

    private String minutePrice() {
      return "price_%s_per_minute".formatted(suffix);
    }

    private List<String> keys() {
      return List.of(price(), exportPrice(), minutePrice());
    }

    private String misplaced(String key, Unit ledger) {
      return "is for ledger = \"%s\", and the ledger is \"%s\": write %s"
          .formatted(written(), ledger.written(), key.replace(suffix, ledger.suffix));
    }
  }

  private final Document document;
  private final Path folder;

  private ConfigFile(Document document, Path folder) {
    this.document = document;
    this.folder = folder;
  }

  /**
   * Reads a file; relative paths in it start at its own folder.
   *
   * @throws ConfigException when it can't be read or is not a configuration that can be used
   */
  public static Config load(Path file) throws ConfigException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return read(file.toString(), text(file), folder == null ? file : folder);
  }

  /** What is in a file. */
  static String text(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw unreadable(file, "there is no such file", missing);
    } catch (CharacterCodingException binary) {
      throw unreadable(file, "is not UTF-8 text", binary);
    } catch (IOException failed) {
      throw unreadable(file, "can't be read: " + failed, failed);
    }
  }

  /**
   * Reads a configuration from memory; relative paths in it start at the working directory.
   *
   * @param name stands for the file's name in messages
   * @throws ConfigException when it is not a configuration that can be used
   */
  public static Config parse(String name, String text) throws ConfigException {
    return read(name, text, Path.of("").toAbsolutePath());
  }

  /**
   * Reads a file with the tables of an EVM ledger and nothing else, as a driver's wallet needs it.
   *
   * @throws ConfigException when it can't be read or used
   */
  public static LedgerSettings.Evm loadEvm(Path file) throws ConfigException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return readEvm(new Document(file.toString(), text(file)), folder == null ? file : folder);
  }

  private static LedgerSettings.Evm readEvm(Document document, Path folder) throws ConfigException {
    ConfigFile reader = new ConfigFile(document, folder);
    Unit unit = document.top().choice("ledger", Unit.EVM);
    document.contradiction(
        unit != Unit.EVM, List.of("ledger"), "is \"bitcoin\"; this file is for \"evm\"");
    EvmSections sections = new EvmSections(document, reader::file);
    LedgerSettings.Evm ledger =
        new LedgerSettings.Evm(sections.evm(true), sections.market(true, Optional.empty()));
    EvmConsistency.ledger(ledger, document);
    List<Problem> problems = document.finish();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return ledger;
  }

  /**
   * Reads a grid service agency's file.
   *
   * @throws ConfigException when it can't be read or used
   */
  public static AgencySettings loadAgency(Path file) throws ConfigException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Document document = new Document(file.toString(), text(file));
    AgencySettings settings = new ConfigFile(document, folder == null ? file : folder).agency();
    List<Problem> problems = document.finish();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return settings;
  }

  private AgencySettings agency() {
    Unit unit = document.top().choice("ledger", Unit.EVM);
    document.contradiction(
        unit != Unit.EVM, List.of("ledger"), "is \"bitcoin\"; this file is for \"evm\"");
    Section agency = document.section("agency");
    Path data = path(agency.text("data_dir", "/var/lib/chargepile-agency", TEXT, "a folder"));
    Optional<Path> key = file(agency, "key_file");
    agency.require("key_file", key.isPresent(), "the file with the agency's key");
    EvmSections sections = new EvmSections(document, this::file);
    EvmSettings evm = sections.evmWithoutChannels();
    MarketSettings.Contracts contracts = sections.reviewed();
    EvmConsistency.ledger(new LedgerSettings.Evm(evm, Optional.empty()), document);
    OptionalLong reserve =
        agency.optionalInteger(
            "gas_reserve_gwei",
            0,
            Long.MAX_VALUE,
            "what %d gas cost at evm.fee_cap_gwei".formatted(AgencySettings.GAS_IN_RESERVE));
    return new AgencySettings(
        data,
        key.orElse(data),
        new Amount(agency.integer("collect_from_base_units", 1_000_000, 1, Long.MAX_VALUE)),
        reserve.orElse(AgencySettings.GAS_IN_RESERVE * evm.fees().capGwei()),
        evm,
        contracts.orderBook(),
        contracts.reviewBoard(),
        document.section("log").optionalChoice("level", LogLevel.class, ""));
  }

  /** Every key there is, dotted, in the order of the shipped file. */
  public static Set<String> keys() {
    Document empty = new Document("", "");
    new ConfigFile(empty, Path.of("/")).config();
    return empty.keys();
  }

  private static Config read(String name, String text, Path folder) throws ConfigException {
    Document document = new Document(name, text);
    Config config = new ConfigFile(document, folder).config();
    Consistency.check(config, document);
    List<Problem> problems = document.finish();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  private static ConfigException unreadable(Path file, String why, IOException cause) {
    ConfigException exception =
        new ConfigException(List.of(new Problem(file.toString(), 1, 1, "", why)));
    exception.initCause(cause);
    return exception;
  }

  private Config config() {
    PileSettings pile = pile(document.section("pile"));
    StoreSettings store = store(document.section("store"), pile.dataDirectory());
    Section gpioSection = document.section("gpio");
    GpioSettings gpio = GpioSettings.read(gpioSection, this::path);
    Section meterSection = document.section("meter");
    MeterSettings meter = meter(meterSection, pile.ratedPowerWatts());
    PlausibilityLimits plausibility = plausibility(meterSection, gpioSection, meter);
    Unit unit = document.top().choice("ledger", Unit.BITCOIN);
    Tariff tariff = tariff(document.section("tariff"), unit);
    ExposureSettings exposure = exposure(document.section("exposure"));
    SessionSettings session = session(document.section("session"));
    MqttSettings mqtt = mqtt(document.section("mqtt"), pile.id());
    LedgerSettings ledger = ledger(unit, tariff.importPricePerKwh());
    return new Config(
        pile,
        store,
        gpio,
        meter,
        plausibility,
        tariff,
        exposure,
        session,
        mqtt,
        ledger,
        identity(document.section("identity")),
        WebSettings.read(document, file(document.section("web"), "token_file")),
        document.section("log").optionalChoice("level", LogLevel.class, ""));
  }

  private PileSettings pile(Section pile) {
    return new PileSettings(
        pile.requiredText("id", NAME, NAME_ALLOWED, "pile"),
        path(pile.text("data_dir", "/var/lib/chargepile", TEXT, "a folder")),
        file(pile, "passphrase_file"),
        pile.integer("rated_power_w", 22_000, 1000, MeterSettings.MAXIMUM_RATED_POWER_WATTS));
  }

  private StoreSettings store(Section store, Path dataDirectory) {
    return new StoreSettings(
        file(store, "backup").orElseGet(() -> dataDirectory.resolve("channels.backup")));
  }

  private MeterSettings meter(Section meter, long ratedPowerWatts) {
    int impulses =
        (int) meter.integer("impulses_per_kwh", 1000, 1, MeterSettings.MAXIMUM_IMPULSES_PER_KWH);
    Duration pulse = Duration.ofMillis(meter.integer("minimum_pulse_ms", 27, 1, 10_000));
    Duration pause = Duration.ofMillis(meter.integer("minimum_pause_ms", 27, 1, 10_000));
    Duration bounce = Duration.ofMillis(meter.integer("bounce_ms", 3, 0, 100));
    List<String> keys =
        List.of(
            "meter.minimum_pulse_ms",
            "meter.minimum_pause_ms",
            "meter.bounce_ms",
            "meter.impulses_per_kwh",
            "pile.rated_power_w");
    if (document.sound(keys)) {
      try {
        return new MeterSettings(impulses, pulse, pause, ratedPowerWatts, bounce);
      } catch (IllegalArgumentException contradictory) {
        document.contradiction(true, keys, String.valueOf(contradictory.getMessage()));
      }
    }
    return MeterSettings.s0(1000, 22_000);
  }

  private static PlausibilityLimits plausibility(
      Section meter, Section gpio, MeterSettings settings) {
    long openingMillis =
        meter.integer(
            "opening_time_ms", PlausibilityLimits.DEFAULT_OPENING_TIME.toMillis(), 50, 10_000);
    long closingMillis =
        meter.integer(
            "closing_time_ms", PlausibilityLimits.DEFAULT_CLOSING_TIME.toMillis(), 50, 10_000);
    OptionalLong deadSeconds =
        meter.optionalInteger(
            "dead_after_s", 5, 3600, "three pulses' time at 1 kW, and never below 120");
    return new PlausibilityLimits(
        Duration.ofMillis(openingMillis),
        Duration.ofMillis(closingMillis),
        deadSeconds.isPresent()
            ? Duration.ofSeconds(deadSeconds.getAsLong())
            : PlausibilityLimits.deadAfter(settings),
        (int)
            meter.integer(
                "noise_per_minute", PlausibilityLimits.DEFAULT_NOISE_PER_MINUTE, 0, 10_000),
        Duration.ofSeconds(
            gpio.integer(
                "cool_down_s", PlausibilityLimits.DEFAULT_COOL_DOWN.toSeconds(), 1, 86_400)));
  }

  /** In the unit of the ledger: a number in the other's would be another price. */
  private static Tariff tariff(Section tariff, Unit unit) {
    for (Unit other : Unit.values()) {
      if (other != unit) {
        other.keys().forEach(key -> tariff.misplaced(key, other.misplaced(key, unit)));
      }
    }
    return new Tariff(
        tariff.integer("id", 1, 0, Integer.MAX_VALUE),
        new Amount(tariff.requiredInteger(unit.price(), 0, unit.highestPrice)),
        new Amount(tariff.integer(unit.exportPrice(), 0, 0, unit.highestPrice)),
        new Amount(tariff.integer(unit.minutePrice(), 0, 0, unit.highestPrice)));
  }

  /** Both ledgers' sections are read, so that every key of them is known. */
  private LedgerSettings ledger(Unit unit, Amount price) {
    boolean evm = unit == Unit.EVM;
    for (String section : evm ? BITCOIN : EVM) {
      document.misplaced(
          section,
          "is for ledger = \"%s\", and the ledger is \"%s\": take the section out, or correct ledger at the top"
              .formatted((evm ? Unit.BITCOIN : Unit.EVM).written(), unit.written()));
    }
    LedgerSettings.Bitcoin onBitcoin = new BitcoinSections(document, this::path, this::file).read();
    EvmSections evmSections = new EvmSections(document, this::file);
    LedgerSettings.Evm onEvm =
        new LedgerSettings.Evm(evmSections.evm(evm), evmSections.market(evm, Optional.of(price)));
    return evm ? onEvm : onBitcoin;
  }

  private static ExposureSettings exposure(Section exposure) {
    MilliWattHours increment = wattHours(exposure.integer("increment_wh", 1000, 1, 100_000));
    OptionalLong credit =
        exposure.optionalInteger("credit_wh", 0, 1_000_000, "as much as increment_wh");
    return new ExposureSettings(
        increment, credit.isPresent() ? wattHours(credit.getAsLong()) : increment);
  }

  private static SessionSettings session(Section session) {
    return new SessionSettings(
        Duration.ofSeconds(session.integer("peer_timeout_s", 60, 1, 3600)),
        Duration.ofSeconds(session.integer("authorise_timeout_s", 120, 5, 3600)),
        Duration.ofSeconds(session.integer("close_timeout_s", 60, 5, 3600)),
        session.bool("close_after_session", false),
        session.bool("close_when_silent", true),
        Duration.ofSeconds(session.integer("store_every_s", 60, 1, 3600)),
        wattHours(session.integer("store_every_wh", 1000, 1, 1_000_000)));
  }

  private MqttSettings mqtt(Section mqtt, String pileId) {
    return new MqttSettings(
        URI.create(
            mqtt.text(
                "broker_url",
                "ssl://localhost:8883",
                BROKER,
                "tcp://host:port or ssl://host:port, such as \"ssl://broker.example:8883\"")),
        mqtt.text(
            "client_id", "chargepile-" + pileId, CLIENT, "1 to 64 letters, digits, _, . or -"),
        mqtt.optionalText("username", TEXT, "the broker's name for this pile"),
        file(mqtt, "password_file"),
        file(mqtt, "ca_file"),
        file(mqtt, "certificate_file"),
        file(mqtt, "key_file"),
        Duration.ofSeconds(mqtt.integer("heartbeat_s", 30, 5, 3600)),
        mqtt.bool("publish_peer", true),
        new MqttSettings.HomeAssistant(
            mqtt.bool("home_assistant", true),
            mqtt.text(
                "home_assistant_prefix",
                "homeassistant",
                CLIENT,
                "1 to 64 letters, digits, _, . or -")));
  }

  private IdentitySettings identity(Section identity) {
    return new IdentitySettings(
        identity.choice("policy", IdentityPolicy.OFF),
        file(identity, "identity_file"),
        file(identity, "kgc_file"),
        file(identity, "revocations_file"));
  }

  /** {@code credential:NAME} is a secret that the service manager hands over (systemd.exec(5)). */
  private Path path(String written) {
    if (written.startsWith(CREDENTIAL)) {
      String handed = System.getenv("CREDENTIALS_DIRECTORY");
      return Path.of(
          handed == null ? USUAL_CREDENTIALS : handed, written.substring(CREDENTIAL.length()));
    }
    return folder.resolve(written).normalize();
  }

  private Optional<Path> file(Section section, String key) {
    return section.optionalText(key, TEXT, "a file").map(this::path);
  }

  private static MilliWattHours wattHours(long value) {
    return MilliWattHours.ofWattHours(value);
  }
}
