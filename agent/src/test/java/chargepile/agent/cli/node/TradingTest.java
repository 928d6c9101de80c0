package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.market.Side;
import chargepile.agent.market.desk.DefaultPolicy;
import chargepile.agent.market.desk.PilePoint;
import chargepile.agent.market.desk.PilePolicy;
import chargepile.agent.market.desk.PricePolicy;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a pile's section {@code [market]} says is what its desk goes by. */
class TradingTest {
  private static final Amount TARIFF = new Amount(390);
  private static final PilePoint POINT =
      new PilePoint(
          new PileId("pile-1"),
          new FeederId("north-7"),
          EvmAddress.of("0x%040x".formatted(0xaa)),
          22_000);

  private static PilePolicy policy(String market) throws Exception {
    MarketSettings settings =
        ((LedgerSettings.Evm)
                ConfigFile.parse(
                        "c.toml",
                        """
                        ledger = "evm"
                        [pile]
                        id = "pile-1"
                        [tariff]
                        price_base_units_per_kwh = 390
                        [evm]
                        rpc_url = "http://127.0.0.1:8545"
                        chain_id = 31337
                        voucher_channel = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
                        token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
                        [market]
                        registry = "0x0000000000000000000000000000000000000001"
                        offer_board = "0x0000000000000000000000000000000000000002"
                        quote_book = "0x0000000000000000000000000000000000000006"
                        order_book = "0x0000000000000000000000000000000000000003"
                        review_board = "0x0000000000000000000000000000000000000004"
                        settlement_log = "0x0000000000000000000000000000000000000005"
                        feeder = "north-7"
                        """
                            + market)
                    .ledger())
            .market()
            .orElseThrow();
    return Trading.policy(POINT, settings, TARIFF);
  }

  @Test
  void whatIsLeftOutFollowsTariffAndRatedPower() throws Exception {
    PilePolicy policy = policy("");
    assertEquals(new PricePolicy(Side.ASK, TARIFF, TARIFF, Amount.ZERO), policy.price());
    assertEquals(new WattHours(22_000), policy.perCycle());
    assertEquals(Duration.ofHours(1), policy.lead());
    assertEquals(new DefaultPolicy(new Amount(39), 500, Optional.empty()), policy.onDefault());
    PilePolicy.Shop shop = policy.listing().orElseThrow();
    assertEquals(TARIFF, shop.pricePerKwh());
    assertEquals(new WattHours(22_000), shop.energy());
  }

  @Test
  void everyKeyOfAPileIsObeyed() throws Exception {
    PilePolicy policy =
        policy(
            """
            ask_start_base_units_per_kwh = 350
            ask_floor_base_units_per_kwh = 280
            ask_step_base_units_per_kwh = 10
            energy_wh = 5000
            lead_s = 7200
            default_rate_base_units_per_kwh = 30
            default_amount_base_units = 150
            tolerance_basis_points = 400
            """);
    assertEquals(
        new PricePolicy(Side.ASK, new Amount(350), new Amount(280), new Amount(10)),
        policy.price());
    assertEquals(new WattHours(5000), policy.perCycle());
    assertEquals(new WattHours(5000), policy.listing().orElseThrow().energy());
    assertEquals(Duration.ofHours(2), policy.lead());
    assertEquals(
        new DefaultPolicy(new Amount(30), 400, Optional.of(new Amount(150))), policy.onDefault());
    assertEquals(new WattHours(11_000), policy("window_s = 1800\n").perCycle());
  }
}
