package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.MemoryOutbox;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.MarketOrders;
import chargepile.agent.json.JsonValue;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.Offered;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The market takes on nothing that could spend what channels and orders need for gas, and brings
 * what binds to its end with what is left.
 */
class MarketTransactionsTest {
  private static final Wei CAP = FeePolicy.USUAL.cap();

  /** More than any of the actions here can cost at the cap. */
  private static final Wei AMPLE = CAP.times(2_000_000);

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

  @Test
  void anOrderIsNotConfirmedWithCoinsForNoMoreThanThat() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      var unused = asked(chain, 1);
      DeskAction confirm = new DeskAction.Confirm(only(ledger));
      Wei toConfirm = CAP.times(600_000);
      for (Wei kept : List.of(reserve, Wei.ZERO)) {
        reserve = kept;
        set(chain, reserve.plus(toConfirm).plus(Wei.ofGwei(10_000_000)));
        var refused = assertThrows(ShortOfGasException.class, () -> ledger.carryOut(confirm));
        String why = String.valueOf(refused.getMessage());
        assertTrue(why.contains("from its beginning to its end"), why);
      }
      set(chain, reserve.plus(toConfirm).plus(gas(OrderStage.REQUESTED)));
      ledger.carryOut(confirm);
      chain.mined(sender);
      assertEquals(OrderStage.CONFIRMED, only(ledger).stage());
    }
  }

  @Test
  void whatIsConfirmedAlreadyIsReckonedWithBeforeAnotherIs() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      var unused = asked(chain, 1);
      unused = asked(chain, 2);
      List<OrderView> seen = ledger.view().orders();
      Wei forOne = reserve.plus(CAP.times(600_000)).plus(gas(OrderStage.REQUESTED));
      set(chain, forOne);
      ledger.carryOut(new DeskAction.Confirm(seen.get(0)));
      set(chain, forOne);
      DeskAction second = new DeskAction.Confirm(seen.get(1));
      chain.mined(sender);
      assertThrows(
          ShortOfGasException.class, () -> ledger.carryOut(second), "it is not in the view yet");
      assertEquals(OrderStage.CONFIRMED, ledger.view().orders().get(0).stage());
      assertThrows(ShortOfGasException.class, () -> ledger.carryOut(second));
      set(chain, forOne.plus(gas(OrderStage.CONFIRMED)));
      ledger.carryOut(second);
    }
  }

  /** Each step with no more than the order was confirmed with, and a hundred channels since. */
  @Test
  void aConfirmedOrderIsBroughtToItsEndWhateverIsOpenedSince() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      ContractTerms terms = asked(chain, 1);
      ledger.carryOut(new DeskAction.Confirm(only(ledger)));
      chain.mined(sender);
      reserve = reserve.times(100);

      step(chain, ledger, new DeskAction.Sign(only(ledger)));
      assertThrows(
          ShortOfGasException.class, () -> ledger.carryOut(PUBLISH), "it begins something");
      var unused = chain.done(chain.buyer, chain.orders.sign(terms));
      unused =
          chain.done(
              chain.agency,
              chain.board.review(
                  chain.orders.address(),
                  terms,
                  chain.board.publications(chain.head(), chain.since),
                  chain.seller.meter().publicKey()));
      OrderView approved = only(ledger);
      step(chain, ledger, new DeskAction.PutOnRecord(approved));
      assertEquals(Optional.of(approved.deadline()), deadline(sender, "record"));
      DeliveryWindow window = terms.order().window();
      chain.at(window.start());
      step(chain, ledger, new DeskAction.Begin(only(ledger)));

      OrderView running = only(ledger);
      assertEquals(OrderStage.EXECUTING, running.stage());
      DeskAction.OfOrder said =
          new DeskAction.Acknowledge(running, new Amount(500), Optional.empty());
      set(chain, gas(running.stage()));
      assertThrows(
          ShortOfGasException.class,
          () -> ledger.carryOut(said),
          "the buyer may begin any number of sessions");
      chain.at(window.end());
      step(chain, ledger, said);
      assertEquals(Optional.of(running.deadline()), deadline(sender, "acknowledge/500"));
      TransactionSender buyers = chain.sender(chain.buyer);
      Amount more = new Amount(700);
      ledger(chain, chain.buyer, buyers)
          .carryOut(
              new DeskAction.Acknowledge(running, more, Optional.of(receipt(ledger, running))));
      Instant shown = window.end().plus(MarketChain.TIMING.receipts());
      assertEquals(Optional.of(shown), deadline(buyers, "acknowledge/700"));

      chain.at(shown);
      step(
          chain,
          ledger,
          new DeskAction.SettleByMeter(only(ledger), new WattHours(9500), new WattHours(9500)));
      assertEquals(Optional.of(running.deadline()), deadline(sender, "meter"));
      assertTrue(only(ledger).stage().isOver());
    }
  }

  @Test
  void anOrderThatNobodySignsIsEndedWithWhatIsLeft() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      var unused = asked(chain, 1);
      ledger.carryOut(new DeskAction.Confirm(only(ledger)));
      chain.mined(sender);
      reserve = reserve.times(100);
      chain.at(only(ledger).deadline().plusSeconds(1));
      step(chain, ledger, new DeskAction.Expire(only(ledger)));
      assertEquals(OrderStage.EXPIRED, only(ledger).stage());
    }
  }

  @Test
  void whatNoNodeWouldTakeIsNotBegun() throws Exception {
    try (MarketChain chain = MarketChain.open()) {
      TransactionSender sender = chain.sender(chain.seller);
      EvmMarketLedger ledger = ledger(chain, sender);
      var unused = asked(chain, 1);
      ledger.carryOut(new DeskAction.Confirm(only(ledger)));
      chain.mined(sender);
      DeskAction sign = new DeskAction.Sign(only(ledger));
      int before = sender.decided().size();
      set(chain, Wei.of(1_000_000));
      var refused = assertThrows(ShortOfGasException.class, () -> ledger.carryOut(sign));
      String why = String.valueOf(refused.getMessage());
      assertTrue(why.contains("can't pay for the sign"), why);
      assertEquals(before, sender.decided().size());
    }
  }

  @Test
  void whatFailedInABlockIsTriedAgainEverMoreSeldom() throws Exception {
    try (MarketChain chain = MarketChain.open();
        LyingNode liar = new LyingNode(chain.anvil);
        EvmRpc rpc = liar.rpc()) {
      var unused = asked(chain, 1);
      reserve = Wei.ZERO;
      DeskAction refuse =
          new DeskAction.Refuse(only(ledger(chain, chain.sender(chain.seller))), "");
      TransactionSender sender =
          new TransactionSender(
              rpc,
              chain.seller.key(),
              new MemoryOutbox(),
              FeePolicy.USUAL,
              Finality.depth(1000),
              MarketChain.reverts());
      EvmMarketLedger ledger = ledger(chain, sender);
      chain.at(only(ledger).deadline().plusSeconds(1)); // from here on the contract takes none
      assertThrows(RejectedException.class, () -> ledger.carryOut(refuse));
      assertEquals(0, sender.decided().size());
      liar.answerAllTheSame(Map.of("eth_estimateGas", new JsonValue.Text("0x20000")));
      ledger.carryOut(refuse);
      var early = assertThrows(RejectedException.class, () -> ledger.carryOut(refuse));
      assertTrue(
          String.valueOf(early.getMessage()).contains("failed in block"), early.getMessage());
      chain.pass(Duration.ofSeconds(31));
      ledger.carryOut(refuse);
      chain.pass(Duration.ofSeconds(31));
      assertThrows(RejectedException.class, () -> ledger.carryOut(refuse));
      chain.pass(Duration.ofSeconds(31));
      ledger.carryOut(refuse);
      assertEquals(3, sender.decided().size());
    }
  }

  private static void step(MarketChain chain, EvmMarketLedger ledger, DeskAction.OfOrder action) {
    set(chain, gas(action.order().stage()));
    ledger.carryOut(action);
    TransactionSender sender = chain.sender(chain.seller);
    chain.mined(sender); // and the contract took it, as the next step shows
    long limit = entry(sender, action.detail()).gasLimit();
    assertTrue(limit <= OrderExit.gas(action.order().stage()), () -> "a gas limit of " + limit);
  }

  private static void set(MarketChain chain, Wei coins) {
    chain.anvil.setBalance(chain.seller.account(), coins);
  }

  private static Wei gas(OrderStage stage) {
    return CAP.times(OrderExit.gas(stage));
  }

  private static ContractTerms asked(MarketChain chain, long id) {
    ContractTerms terms =
        MarketOrders.of(chain, chain.seller, chain.buyer)
            .window(MarketOrders.hour(chain, (int) (2 * id)))
            .id(id);
    var unused = chain.done(chain.buyer, MarketOrders.request(chain, terms));
    return terms;
  }

  private static OrderView only(EvmMarketLedger ledger) {
    List<OrderView> orders = ledger.view().orders();
    assertEquals(1, orders.size());
    return orders.get(0);
  }

  private static OutboxEntry entry(TransactionSender sender, String action) {
    return sender.decided().stream()
        .filter(entry -> entry.intent().key().contains('#' + action + '#'))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Instant> deadline(TransactionSender sender, String action) {
    return entry(sender, action).intent().deadline();
  }

  private static ByteVector receipt(EvmMarketLedger sellers, OrderView order) {
    return sellers.receipt(order.key(), new Amount(700));
  }

  private EvmMarketLedger ledger(MarketChain chain, TransactionSender sender) {
    return ledger(chain, chain.seller, sender);
  }

  private EvmMarketLedger ledger(
      MarketChain chain, MarketChain.Member member, TransactionSender sender) {
    return EvmMarketLedger.of(
        MarketContracts.of(chain.node, chain.orders.address(), chain.since),
        member.secret(),
        TwoNodes.SIGNER,
        sender,
        () -> reserve,
        Optional.of(member.meter()),
        Map.of(),
        false,
        _ -> () -> {});
  }
}
