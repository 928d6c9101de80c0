package chargepile.agent.config;

import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
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

  private static final Pattern NODE =
      Pattern.compile("https?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+):[0-9]{1,5}/?");

  private static final Pattern ESPLORA =
      Pattern.compile(
          "https?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?");

  /** Bech32 (BIP 173) of native segwit, in lower case; what it says is checked later. */
  private static final Pattern ADDRESS = Pattern.compile("(bc|tb|bcrt)1[02-9ac-hj-np-z]{6,87}");

  private static final long HIGHEST_PRICE_MSAT = 1_000_000_000_000L;
  private static final long COINS_SAT = 2_100_000_000_000_000L;

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
    Tariff tariff = tariff(document.section("tariff"));
    ExposureSettings exposure = exposure(document.section("exposure"));
    SessionSettings session = session(document.section("session"));
    ChannelNumbers channel = channel(document.section("channel"));
    MqttSettings mqtt = mqtt(document.section("mqtt"), pile.id());
    ChainSettings chain = chain(document.section("chain"));
    return new Config(
        pile,
        store,
        gpio,
        meter,
        plausibility,
        tariff,
        exposure,
        session,
        channel,
        mqtt,
        chain,
        wallet(document.section("wallet"), chain.network()),
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

  private static Tariff tariff(Section tariff) {
    return new Tariff(
        tariff.integer("id", 1, 0, Integer.MAX_VALUE),
        new Amount(tariff.requiredInteger("price_msat_per_kwh", 0, HIGHEST_PRICE_MSAT)),
        new Amount(tariff.integer("export_price_msat_per_kwh", 0, 0, HIGHEST_PRICE_MSAT)),
        new Amount(tariff.integer("price_msat_per_minute", 0, 0, HIGHEST_PRICE_MSAT)));
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

  private static ChannelNumbers channel(Section channel) {
    return new ChannelNumbers(
        new Satoshi(channel.integer("minimum_capacity_sat", 100_000, 10_000, COINS_SAT)),
        new Satoshi(channel.integer("maximum_capacity_sat", 16_777_215, 10_000, COINS_SAT)),
        (int) channel.integer("to_self_delay_blocks", 144, 6, 2016),
        (int) channel.integer("maximum_to_self_delay_blocks", 2016, 6, 65_535),
        new Satoshi(channel.integer("dust_limit_satoshis", 354, 354, 10_000)),
        (int) channel.integer("channel_reserve_per_mille", 10, 0, 200),
        new Amount(
            channel.integer("max_htlc_value_in_flight_msat", 5_000_000_000L, 0, COINS_SAT * 1000)),
        (int) channel.integer("max_accepted_htlcs", 30, 1, 483),
        new Amount(channel.integer("htlc_minimum_msat", 1000, 0, COINS_SAT * 1000)),
        new Feerate(
            channel.integer(
                "minimum_feerate_per_kw", Feerate.MINIMUM_RELAY.satoshiPerKw(), 253, 1_000_000)),
        new Feerate(channel.integer("maximum_feerate_per_kw", 25_000, 253, 1_000_000)),
        (int) channel.integer("minimum_depth_blocks", 3, 1, 144),
        (int) channel.integer("final_depth_blocks", 6, 1, 144));
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

  private ChainSettings chain(Section chain) {
    ChainSettings.Network network = chain.choice("network", ChainSettings.Network.REGTEST);
    boolean understood = chain.bool("i_understand_the_risk", false);
    document.contradiction(
        network == ChainSettings.Network.MAINNET && !understood,
        List.of("chain.network", "chain.i_understand_the_risk"),
        "\"mainnet\" is real money, which errors of this program or its operation may lose; it also"
            + " needs i_understand_the_risk = true");
    OptionalLong reserve =
        chain.optionalInteger(
            "reserve_per_channel_sat",
            0,
            COINS_SAT,
            "what closing costs at channel.maximum_feerate_per_kw");
    return new ChainSettings(
        network,
        chain.choice("backend", ChainSettings.Backend.BITCOIND),
        URI.create(
            chain.text(
                "rpc_url",
                "http://127.0.0.1:18443",
                NODE,
                "http://host:port or https://host:port, such as \"http://127.0.0.1:8332\"")),
        path(chain.text("cookie_file", "/var/lib/bitcoind/.cookie", TEXT, "a file")),
        chain.optionalText("rpc_user", TEXT, "a user of the node's RPC"),
        file(chain, "rpc_password_file"),
        chain.text("wallet", "chargepile", TEXT, "the name of a wallet of the node"),
        secondNode(chain),
        maxTipAge(chain),
        chain
            .optionalText(
                "esplora_url",
                ESPLORA,
                "where the API begins, such as \"https://blockstream.info/testnet/api\"")
            .map(URI::create),
        Duration.ofSeconds(chain.integer("esplora_poll_s", 10, 1, 600)),
        reserve.isPresent() ? Optional.of(new Satoshi(reserve.getAsLong())) : Optional.empty(),
        Duration.ofMinutes(chain.integer("grace_minutes", 10, 0, 1440)));
  }

  private Optional<ChainSettings.SecondNode> secondNode(Section chain) {
    Optional<URI> rpc =
        chain
            .optionalText("second_rpc_url", NODE, "http://host:port or https://host:port")
            .map(URI::create);
    Optional<Path> cookie = file(chain, "second_cookie_file");
    Optional<String> user =
        chain.optionalText("second_rpc_user", TEXT, "a user of that node's RPC");
    Optional<Path> password = file(chain, "second_rpc_password_file");
    document.contradiction(
        rpc.isEmpty() && (cookie.isPresent() || user.isPresent() || password.isPresent()),
        List.of(
            "chain.second_rpc_url",
            "chain.second_cookie_file",
            "chain.second_rpc_user",
            "chain.second_rpc_password_file"),
        "is missing, but there are credentials for a second node; set it, or take them out");
    return rpc.map(url -> new ChainSettings.SecondNode(url, cookie, user, password));
  }

  private static Optional<Duration> maxTipAge(Section chain) {
    OptionalLong minutes =
        chain.optionalInteger("max_tip_age_minutes", 30, 10_080, "120, on regtest any age");
    return minutes.isPresent()
        ? Optional.of(Duration.ofMinutes(minutes.getAsLong()))
        : Optional.empty();
  }

  private IdentitySettings identity(Section identity) {
    return new IdentitySettings(
        identity.choice("policy", IdentityPolicy.OFF),
        file(identity, "identity_file"),
        file(identity, "kgc_file"),
        file(identity, "revocations_file"));
  }

  private WalletSettings wallet(Section wallet, ChainSettings.Network network) {
    Optional<String> written =
        wallet.optionalText(
            "sweep_to", ADDRESS, "a native segwit address in lower case, such as \"bc1q...\"");
    Optional<WalletSettings.Destination> sweepTo =
        written.flatMap(address -> WalletSettings.Destination.of(address, network.genesis()));
    document.contradiction(
        written.isPresent() && sweepTo.isEmpty(),
        List.of("wallet.sweep_to", "chain.network"),
        "is no P2WPKH, P2WSH or P2TR address of the network %s: mistyped, or of another network"
            .formatted(network.name().toLowerCase(Locale.ROOT)));
    return new WalletSettings(sweepTo);
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
