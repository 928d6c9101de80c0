package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.Offered;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The market does not spend what channels need for gas. */
class MarketTransactionsTest {
  /** More than any of the actions here can cost at the cap. */
  private static final Wei AMPLE = FeePolicy.USUAL.cap().times(2_000_000);

  private static final DeskAction PUBLISH =
      new DeskAction.Publish(
          1,
          new Offered(
              new TradePrice(700),
              new WattHours(5000),
              new DeliveryWindow(MarketChain.NOON, MarketChain.NOON.plus(Duration.ofMinutes(30)))));

  private Wei reserve = Wei.ofGwei(80_000_000);

  @Test
  void whatCouldTouchTheReserveIsNotSentUntilThereIsMore() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      int before = sender.decided().size();
      chain.anvil.setBalance(chain.seller.account(), reserve.plus(Wei.ofGwei(1_000_000)));
      var refused = assertThrows(ShortOfGasException.class, () -> ledger.carryOut(PUBLISH));
      String why = String.valueOf(refused.getMessage());
      assertTrue(why.contains(Eip55.write(chain.seller.account())), why);
      assertTrue(why.contains("keep 0.08 coins"), why);
      assertEquals(before, sender.decided().size(), "nothing was begun");

      chain.anvil.setBalance(chain.seller.account(), reserve.plus(Wei.ofGwei(2_000_000)));
      refused = assertThrows(ShortOfGasException.class, () -> ledger.carryOut(PUBLISH));
      assertEquals(why, refused.getMessage(), "it is told once");

      chain.anvil.setBalance(chain.seller.account(), reserve.plus(AMPLE));
      ledger.carryOut(PUBLISH);
      assertEquals(before + 1, sender.decided().size());
    }
  }

  @Test
  void withNoChannelThereIsNothingToKeep() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      int before = sender.decided().size();
      reserve = Wei.ZERO;
      chain.anvil.setBalance(chain.seller.account(), Wei.ofGwei(10_000_000));
      ledger.carryOut(PUBLISH);
      assertEquals(before + 1, sender.decided().size());
    }
  }

  private EvmMarketLedger ledger(MarketChain chain, TransactionSender sender) {
    return EvmMarketLedger.of(
        MarketContracts.of(chain.node, chain.orders.address(), chain.since),
        chain.seller.secret(),
        TwoNodes.SIGNER,
        sender,
        () -> reserve,
        Optional.of(chain.seller.meter()),
        Map.of(),
        false,
        _ -> () -> {});
  }
}
