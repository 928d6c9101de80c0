package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the keys must not say together where the ledger is an EVM chain. */
final class EvmConsistency {
  private static final int LAST_PORT = 65_535;
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Of all chains in use; what it is here shows at the start. */
  private static final Duration FASTEST_BLOCK = Duration.ofMillis(100);

  private static final long WEI_PER_GWEI = 1_000_000_000;
  private static final String PRICE = "tariff.price_base_units_per_kwh";

  private EvmConsistency() {}

  static void check(Config config, LedgerSettings.Evm ledger, Document document) {
    Consistency.money(config, "base_units", document);
    ledger(ledger, document);
    deposits(config, ledger.evm(), document);
  }

  /** What can be said without a pile. */
  static void ledger(LedgerSettings.Evm ledger, Document document) {
    EvmSettings evm = ledger.evm();
    node("evm.rpc_url", "evm.rpc_token_file", evm.node(), document);
    evm.second()
        .ifPresent(
            second -> {
              node("evm.second_rpc_url", "evm.second_rpc_token_file", second, document);
              document.contradiction(
                  second.rpc().equals(evm.node().rpc()),
                  List.of("evm.second_rpc_url", "evm.rpc_url"),
                  "is the first node again; name another, or leave it out");
            });
    document.contradiction(
        evm.voucherChannel().equals(evm.token()) && !evm.token().equals(Section.NOBODY),
        List.of("evm.token", "evm.voucher_channel"),
        "is the address of the voucher_channel: one of them is wrong");
    periods(evm, document);
    fees(evm.fees(), document);
    ledger.market().ifPresent(market -> market(market, document));
  }

  private static void node(String key, String tokenKey, EvmSettings.Node node, Document document) {
    URI rpc = node.rpc();
    document.contradiction(
        rpc.getHost() == null || rpc.getPort() == 0 || rpc.getPort() > LAST_PORT,
        List.of(key),
        "must be a host's name or address and, if any, a port from 1 to %d".formatted(LAST_PORT));
    document.contradiction(
        node.tokenFile().isPresent()
            && !"https".equals(rpc.getScheme())
            && !THIS_MACHINE.contains(String.valueOf(rpc.getHost())),
        List.of(key, tokenKey),
        "http:// would send the token over the network for all to read; use https://");
  }

  private static void periods(EvmSettings evm, Document document) {
    EvmSettings.ChallengePeriod period = evm.challengePeriod();
    document.contradiction(
        period.least().compareTo(period.most()) > 0,
        List.of("evm.minimum_challenge_period_s", "evm.maximum_challenge_period_s"),
        "is above maximum_challenge_period_s of %d".formatted(period.most().toSeconds()));
    document.contradiction(
        period.least().compareTo(period.most()) <= 0
            && (period.own().compareTo(period.least()) < 0
                || period.own().compareTo(period.most()) > 0),
        List.of(
            "evm.challenge_period_s",
            "evm.minimum_challenge_period_s",
            "evm.maximum_challenge_period_s"),
        "is %d, outside of the %d to %d s that this side accepts itself"
            .formatted(
                period.own().toSeconds(), period.least().toSeconds(), period.most().toSeconds()));
    document.contradiction(
        evm.grace().compareTo(period.least()) >= 0,
        List.of("evm.grace_minutes", "evm.minimum_challenge_period_s"),
        ("is %d, but with minimum_challenge_period_s of %d a stale close can stand before it is"
                + " seen; must be less")
            .formatted(evm.grace().toMinutes(), period.least().toSeconds()));
    if (evm.finality() instanceof EvmSettings.Finality.Depth(int blocks)) {
      document.contradiction(
          FASTEST_BLOCK.multipliedBy(blocks).compareTo(period.least()) >= 0,
          List.of("evm.final_depth_blocks", "evm.minimum_challenge_period_s"),
          ("is %d: on any chain known so many blocks take longer than minimum_challenge_period_s"
                  + " of %d, and nothing of a channel would be final before it; must be less")
              .formatted(blocks, period.least().toSeconds()));
    }
  }

  private static void fees(EvmSettings.Fees fees, Document document) {
    document.contradiction(
        fees.capGwei() > fees.urgentCapGwei(),
        List.of("evm.fee_cap_gwei", "evm.urgent_fee_cap_gwei"),
        "is above urgent_fee_cap_gwei of %d".formatted(fees.urgentCapGwei()));
    document.contradiction(
        fees.leastTipWei() > Math.multiplyExact(fees.capGwei(), WEI_PER_GWEI),
        List.of("evm.least_tip_wei", "evm.fee_cap_gwei"),
        "is above fee_cap_gwei of %d".formatted(fees.capGwei()));
  }

  private static void deposits(Config config, EvmSettings evm, Document document) {
    document.contradiction(
        evm.deposit().compareTo(evm.leastDeposit()) < 0,
        List.of("evm.deposit_base_units", "evm.least_deposit_base_units"),
        "is below least_deposit_base_units of %d, which this side wants of others"
            .formatted(evm.leastDeposit().value()));
    if (document.sound(List.of(PRICE))) {
      Amount due =
          config.tariff().due(Direction.IMPORT, config.exposure().increment(), Duration.ZERO);
      document.contradiction(
          due.compareTo(evm.leastDeposit()) > 0,
          List.of("evm.least_deposit_base_units", "exposure.increment_wh", PRICE),
          "is %d, and one increment costs %d: a driver who puts in no more could not pay for it"
              .formatted(evm.leastDeposit().value(), due.value()));
    }
  }

  private static void market(MarketSettings market, Document document) {
    Set<?> contracts =
        Set.copyOf(
            List.of(
                market.contracts().registry(),
                market.contracts().offerBoard(),
                market.contracts().quoteBook(),
                market.contracts().orderBook(),
                market.contracts().reviewBoard(),
                market.contracts().settlementLog()));
    document.contradiction(
        contracts.size() < 6,
        List.of(
            "market.registry",
            "market.offer_board",
            "market.quote_book",
            "market.order_book",
            "market.review_board",
            "market.settlement_log"),
        "two of the market's six contracts have the same address");
    market
        .ask()
        .ifPresent(
            ask ->
                document.contradiction(
                    ask.limit().compareTo(ask.start()) > 0,
                    List.of(
                        "market.ask_floor_base_units_per_kwh",
                        "market.ask_start_base_units_per_kwh"),
                    "is above the first price of %d".formatted(ask.start().value())));
    market
        .bid()
        .ifPresent(
            bid ->
                document.contradiction(
                    bid.limit().compareTo(bid.start()) < 0,
                    List.of(
                        "market.bid_ceiling_base_units_per_kwh",
                        "market.bid_start_base_units_per_kwh"),
                    "is below the first price of %d".formatted(bid.start().value())));
    fading("ask", market.ask(), "floor", document);
    fading("bid", market.bid(), "ceiling", document);
  }

  /** A step that leads nowhere, or a limit that no step leads to. */
  private static void fading(
      String side, Optional<MarketSettings.Prices> prices, String limit, Document document) {
    prices.ifPresent(
        price ->
            document.contradiction(
                (price.step().value() == 0) != price.start().equals(price.limit()),
                List.of(
                    "market.%s_step_base_units_per_kwh".formatted(side),
                    "market.%s_%s_base_units_per_kwh".formatted(side, limit)),
                "goes with a %s other than the first price: set both, or neither"
                    .formatted(limit)));
  }
}
