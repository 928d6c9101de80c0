package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Reads {@code [evm]} and {@code [market]}. */
final class EvmSections {
  /** The highest price that the market's contracts take. */
  static final long HIGHEST_PRICE = 9_000_000_000_000_000L;

  private static final Pattern NODE =
      Pattern.compile(
          "https?://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~-]*)*");
  private static final String NODE_ALLOWED =
      "http://host:port or https://host, such as \"http://127.0.0.1:8545\"";

  /** Printable ASCII. */
  private static final Pattern FEEDER = Pattern.compile("[!-~]([ -~]{0,62}[!-~])?");

  private static final Set<Long> PRIVATE = Set.of(1337L, 31_337L);
  private static final Duration USUAL_AGE = Duration.ofMinutes(5);
  private static final Duration ANY_AGE = Duration.ofDays(36_500);
  private static final long LONGEST_PERIOD = 31_536_000;
  private static final long HIGHEST_GWEI = 1_000_000_000;

  /** What asking to close, a challenge and a settlement take, rounded up. */
  private static final long GAS_OF_CLOSING = 400_000;

  private static final int TENTH = 10;

  private final Document document;
  private final BiFunction<Section, String, Optional<Path>> file;

  /**
   * @param file reads a key that names a file
   */
  EvmSections(Document document, BiFunction<Section, String, Optional<Path>> file) {
    this.document = document;
    this.file = file;
  }

  private enum FinalBlock {
    SAFE,
    FINALIZED,
    DEPTH
  }

  /**
   * Reads {@code [evm]}.
   *
   * @param wanted whether it has to be there
   */
  EvmSettings evm(boolean wanted) {
    return evm(wanted, wanted);
  }

  /** Of who has no channels: what is said of them may be missing. */
  EvmSettings evmWithoutChannels() {
    return evm(true, false);
  }

  private EvmSettings evm(boolean wanted, boolean channels) {
    Section evm = document.section("evm");
    boolean there = document.has("evm");
    if (wanted && !there && document.readable()) {
      document.problem(
          "evm",
          "is missing: ledger = \"evm\" needs this section, with rpc_url, chain_id and more");
    }
    boolean required = wanted && there;
    Optional<URI> rpc = evm.optionalText("rpc_url", NODE, NODE_ALLOWED).map(URI::create);
    OptionalLong chainId =
        evm.optionalInteger("chain_id", 1, Long.MAX_VALUE, "there is none to guess");
    EvmAddress voucherChannel = address(evm, "voucher_channel", required && channels);
    EvmAddress token = address(evm, "token", required && channels);
    if (required) {
      evm.require("rpc_url", rpc.isPresent(), NODE_ALLOWED);
      evm.require("chain_id", chainId.isPresent(), "an integer above 0");
    }
    boolean understood = evm.bool("i_understand_the_risk", false);
    document.contradiction(
        required
            && chainId.isPresent()
            && !EvmSettings.isPlayMoney(chainId.getAsLong())
            && !understood,
        List.of("evm.chain_id", "evm.i_understand_the_risk"),
        "may be a chain with real money, which errors of this program or its operation may lose; it"
            + " also needs i_understand_the_risk = true");
    EvmSettings.Node node =
        new EvmSettings.Node(
            rpc.orElse(URI.create("http://127.0.0.1:8545")), file.apply(evm, "rpc_token_file"));
    Optional<EvmSettings.Node> second = second(evm);
    EvmSettings.Fees fees = fees(evm);
    EvmSettings.Pace pace = pace(evm, chainId);
    OptionalLong reserve =
        evm.optionalInteger(
            "gas_reserve_per_channel_gwei",
            0,
            Long.MAX_VALUE,
            "what %d gas cost at fee_cap_gwei".formatted(GAS_OF_CLOSING));
    return new EvmSettings(
        node,
        second,
        chainId.orElse(1),
        voucherChannel,
        token,
        evm.integer("first_block", 0, 0, Long.MAX_VALUE),
        finality(evm),
        pace,
        new EvmSettings.ChallengePeriod(
            seconds(evm, "challenge_period_s", 86_400),
            seconds(evm, "minimum_challenge_period_s", 43_200),
            seconds(evm, "maximum_challenge_period_s", 604_800)),
        amount(evm, "least_deposit_base_units", 1_000_000, 1, Long.MAX_VALUE),
        amount(evm, "deposit_base_units", 10_000_000, 1, Long.MAX_VALUE),
        Duration.ofSeconds(evm.integer("cooperative_close_s", 3600, 30, 86_400)),
        fees,
        reserve.orElse(GAS_OF_CLOSING * fees.capGwei()),
        Duration.ofMinutes(evm.integer("grace_minutes", 10, 0, 1440)));
  }

  private Optional<EvmSettings.Node> second(Section evm) {
    Optional<URI> rpc = evm.optionalText("second_rpc_url", NODE, NODE_ALLOWED).map(URI::create);
    Optional<Path> tokenFile = file.apply(evm, "second_rpc_token_file");
    document.contradiction(
        rpc.isEmpty() && tokenFile.isPresent(),
        List.of("evm.second_rpc_url", "evm.second_rpc_token_file"),
        "is missing, but there is a token for a second node; set it, or take the token out");
    return rpc.map(url -> new EvmSettings.Node(url, tokenFile));
  }

  private EvmSettings.Finality finality(Section evm) {
    FinalBlock block = evm.choice("finality", FinalBlock.FINALIZED);
    OptionalLong depth = evm.optionalInteger("final_depth_blocks", 1, 100_000, "finality says it");
    document.contradiction(
        block == FinalBlock.DEPTH && depth.isEmpty(),
        List.of("evm.final_depth_blocks", "evm.finality"),
        "is missing: finality = \"depth\" needs it");
    document.contradiction(
        block != FinalBlock.DEPTH && depth.isPresent(),
        List.of("evm.final_depth_blocks", "evm.finality"),
        "has no effect unless finality = \"depth\"");
    return switch (block) {
      case SAFE -> EvmSettings.Finality.Tag.SAFE;
      case FINALIZED -> EvmSettings.Finality.Tag.FINALIZED;
      case DEPTH -> new EvmSettings.Finality.Depth((int) depth.orElse(1));
    };
  }

  /** A private chain may make blocks only for transactions. */
  private static EvmSettings.Pace pace(Section evm, OptionalLong chainId) {
    OptionalLong minutes =
        evm.optionalInteger("max_block_age_minutes", 1, 10_080, "5, on a private chain any age");
    boolean alone = chainId.isPresent() && PRIVATE.contains(chainId.getAsLong());
    return new EvmSettings.Pace(
        Duration.ofSeconds(evm.integer("poll_s", 4, 1, 30)),
        minutes.isPresent()
            ? Duration.ofMinutes(minutes.getAsLong())
            : alone ? ANY_AGE : USUAL_AGE);
  }

  private static EvmSettings.Fees fees(Section evm) {
    return new EvmSettings.Fees(
        evm.integer("least_tip_wei", 100_000_000, 0, HIGHEST_GWEI * HIGHEST_GWEI),
        evm.integer("fee_cap_gwei", 200, 1, HIGHEST_GWEI),
        evm.integer("urgent_fee_cap_gwei", 2000, 1, HIGHEST_GWEI),
        (int) evm.integer("patience_blocks", 3, 1, 1000),
        Duration.ofSeconds(evm.integer("urgent_before_s", 3600, 1, LONGEST_PERIOD)));
  }

  /**
   * Reads {@code [market]}.
   *
   * @param wanted whether the ledger has one
   * @param price of the tariff, for a pile; empty: a driver's wallet reads it, which has none
   */
  Optional<MarketSettings> market(boolean wanted, Optional<Amount> price) {
    Section market = document.section("market");
    boolean enabled = market.bool("enabled", true) && document.has("market");
    boolean required = wanted && enabled;
    MarketSettings.Contracts contracts =
        new MarketSettings.Contracts(
            address(market, "registry", required),
            address(market, "offer_board", required),
            address(market, "quote_book", required),
            address(market, "order_book", required),
            address(market, "review_board", required),
            address(market, "settlement_log", required));
    Optional<String> feeder =
        market.optionalText("feeder", FEEDER, "1 to 64 printable ASCII characters");
    boolean sells = price.isPresent();
    if (required && sells) {
      market.require("feeder", feeder.isPresent(), "the grid's name of the pile's feeder");
    }
    if (required && sells) {
      isDrivers(market);
    }
    Optional<MarketSettings.Prices> ask = prices(market, "ask", "floor", price);
    Optional<MarketSettings.Prices> bid = prices(market, "bid", "ceiling", Optional.empty());
    Optional<WattHours> energy =
        optional(
                market.optionalInteger(
                    "energy_wh",
                    1,
                    1_000_000_000_000L,
                    "what the rated power delivers in window_s"))
            .map(WattHours::new);
    Duration lead = seconds(market, "lead_s", 3600);
    Duration window = seconds(market, "window_s", 3600);
    MarketSettings.OnDefault onDefault = onDefault(market, ask.or(() -> bid));
    return required
        ? Optional.of(
            new MarketSettings(
                contracts, feeder.orElse("?"), ask, bid, energy, lead, window, onDefault))
        : Optional.empty();
  }

  /** What a pile has no use for is refused, so that nobody believes that it is done. */
  private static void isDrivers(Section market) {
    for (String key : List.of("start", "ceiling", "step")) {
      market.misplaced(
          "bid_%s_base_units_per_kwh".formatted(key),
          "is a driver's: a pile sells, and buys nothing on a market; take it out, or put it into"
              + " the file that chargepile driver charge --evm names");
    }
    if (market.has("energy_wh")) {
      market.misplaced(
          "window_s",
          "has no effect beside energy_wh, which a pile takes instead: take one of them out");
    }
  }

  /** The contracts that an agency must have named; the others of {@code [market]} may be. */
  MarketSettings.Contracts reviewed() {
    Optional<MarketSettings> unused = market(false, Optional.empty());
    boolean there = document.has("market");
    if (!there && document.readable()) {
      document.problem("market", "is missing: whose orders are reviewed is said there");
    }
    Section market = document.section("market");
    return new MarketSettings.Contracts(
        address(market, "registry", false),
        address(market, "offer_board", false),
        address(market, "quote_book", false),
        address(market, "order_book", there),
        address(market, "review_board", there),
        address(market, "settlement_log", false));
  }

  private Optional<MarketSettings.Prices> prices(
      Section market, String side, String limit, Optional<Amount> usual) {
    String startKey = side + "_start_base_units_per_kwh";
    String limitKey = side + "_" + limit + "_base_units_per_kwh";
    String stepKey = side + "_step_base_units_per_kwh";
    Optional<Amount> start =
        optional(market.optionalInteger(startKey, 1, HIGHEST_PRICE, "see chargepile.toml"))
            .map(Amount::new)
            .or(() -> usual);
    Optional<Amount> last =
        optional(market.optionalInteger(limitKey, 1, HIGHEST_PRICE, "the start")).map(Amount::new);
    OptionalLong step = market.optionalInteger(stepKey, 0, HIGHEST_PRICE, "0");
    document.contradiction(
        start.isEmpty() && (last.isPresent() || step.isPresent()),
        List.of("market." + startKey, "market." + limitKey, "market." + stepKey),
        "is missing, but there is a %s or a step for it".formatted(limit));
    return start.map(
        first -> new MarketSettings.Prices(first, last.orElse(first), new Amount(step.orElse(0))));
  }

  private static MarketSettings.OnDefault onDefault(
      Section market, Optional<MarketSettings.Prices> prices) {
    Optional<Amount> amount =
        optional(
                market.optionalInteger(
                    "default_amount_base_units",
                    0,
                    Long.MAX_VALUE,
                    "damages for all of an order's energy, at least its fees"))
            .map(Amount::new);
    OptionalLong rate =
        market.optionalInteger(
            "default_rate_base_units_per_kwh", 0, HIGHEST_PRICE, "a tenth of the first price");
    return new MarketSettings.OnDefault(
        amount,
        new Amount(rate.orElse(prices.map(from -> from.start().value() / TENTH).orElse(0L))),
        (int) market.integer("tolerance_basis_points", 500, 0, 10_000));
  }

  private static EvmAddress address(Section section, String key, boolean required) {
    return required ? section.requiredAddress(key) : section.address(key).orElse(Section.NOBODY);
  }

  private static Duration seconds(Section section, String key, long preset) {
    return Duration.ofSeconds(section.integer(key, preset, 1, LONGEST_PERIOD));
  }

  private static Amount amount(Section section, String key, long preset, long least, long most) {
    return new Amount(section.integer(key, preset, least, most));
  }

  private static Optional<Long> optional(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }
}
