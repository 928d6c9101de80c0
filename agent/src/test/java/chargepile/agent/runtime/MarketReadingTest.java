package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.MarketChain.Member;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a desk is shown of the real contracts. */
@Tag("slow")
class MarketReadingTest {
  /** Of a price of nothing: it costs whoever asks no more than gas. */
  private static ContractTerms worthless(MarketChain chain, Member buyer) {
    Instant start = chain.now().plus(Duration.ofHours(2));
    return new ContractTerms(
        new OrderTerms(
            new OrderId(1),
            Optional.empty(),
            ChainNames.trader(chain.seller.account()),
            ChainNames.trader(buyer.account()),
            new TradePrice(0),
            new WattHours(1),
            new DeliveryWindow(start, start.plus(Duration.ofHours(1))),
            new DeliveryPoint(MarketChain.FEEDER, chain.seller.pile(), Direction.IMPORT),
            EnergyType.ELECTRICITY,
            1,
            1,
            new DefaultRule(Amount.ZERO, Amount.ZERO, 0),
            StillMarket.RULES.charges()),
        Optional.empty(),
        EvmSignature.address(chain.seller.meter().publicKey()));
  }

  private static MarketView view(MarketReading reading) {
    return reading.view(List.of());
  }

  @Test
  void theRegistrySaysWithWhomAnOrderCanBeAgreed() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      MarketReading seller =
          new MarketReading(
              MarketContracts.of(chain.node, chain.orders.address(), chain.since),
              chain.seller.account(),
              Optional.empty(),
              Finality.depth(1));
      ContractTerms strangers = worthless(chain, chain.stranger);
      var unused = chain.done(chain.stranger, chain.orders.request(strangers, Optional.empty()));
      assertEquals(Set.of(ChainNames.trader(chain.seller.account())), view(seller).active());
      ContractTerms buyers = worthless(chain, chain.buyer);
      unused = chain.done(chain.buyer, chain.orders.request(buyers, Optional.empty()));
      MarketView both = view(seller);
      assertEquals(
          List.of(strangers.key(), buyers.key()),
          both.orders().stream().map(order -> order.key()).toList());
      assertEquals(
          Set.of(
              ChainNames.trader(chain.seller.account()), ChainNames.trader(chain.buyer.account())),
          both.active());
    }
  }
}
