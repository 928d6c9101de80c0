package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code [chain]}, {@code [channel]} and {@code [wallet]}. */
final class BitcoinSections {
  private static final Pattern NODE =
      Pattern.compile("https?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+):[0-9]{1,5}/?");

  private static final Pattern ESPLORA =
      Pattern.compile(
          "https?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?");

  /** Bech32 (BIP 173) of native segwit, in lower case; what it says is checked later. */
  private static final Pattern ADDRESS = Pattern.compile("(bc|tb|bcrt)1[02-9ac-hj-np-z]{6,87}");

  private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]{1,1024}");
  private static final long COINS_SAT = 2_100_000_000_000_000L;

  private final Document document;
  private final Function<String, Path> path;
  private final BiFunction<Section, String, Optional<Path>> file;

  /**
   * @param path of what is written
   * @param file reads a key that names a file
   */
  BitcoinSections(
      Document document,
      Function<String, Path> path,
      BiFunction<Section, String, Optional<Path>> file) {
    this.document = document;
    this.path = path;
    this.file = file;
  }

  LedgerSettings.Bitcoin read() {
    ChannelNumbers channel = channel(document.section("channel"));
    ChainSettings chain = chain(document.section("chain"));
    return new LedgerSettings.Bitcoin(
        chain, channel, wallet(document.section("wallet"), chain.network()));
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
        path.apply(chain.text("cookie_file", "/var/lib/bitcoind/.cookie", TEXT, "a file")),
        chain.optionalText("rpc_user", TEXT, "a user of the node's RPC"),
        file.apply(chain, "rpc_password_file"),
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
    Optional<Path> cookie = file.apply(chain, "second_cookie_file");
    Optional<String> user =
        chain.optionalText("second_rpc_user", TEXT, "a user of that node's RPC");
    Optional<Path> password = file.apply(chain, "second_rpc_password_file");
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
}
