package chargepile.agent.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.json.JsonValue;
import chargepile.agent.market.desk.Delivered;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.session.Agreement;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pile's desk on the real contracts, whose node lies about the time, lags behind, loses what it
 * is handed, or takes back what it said: nothing is lost, and each is told of (P2-06 to P2-12).
 */
@Tag("slow")
class DeskOnBadNodeTest {
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private TradingPile pile;

  @BeforeEach
  void open() throws Exception {
    System.setErr(new PrintStream(said, true, UTF_8));
    pile = new TradingPile();
    pile.open();
  }

  @AfterEach
  void close() {
    System.setErr(err);
    if (pile != null) {
      pile.close();
    }
  }

  private void assertTold(String what) {
    String all = said.toString(UTF_8);
    assertTrue(all.contains(what), () -> "not told: " + what + "\n" + all);
  }

  /** Half an hour into the window, and a car takes energy. */
  private void charge() {
    pile.request();
    pile.until(OrderStatus.RECORDED);
    pile.chain.at(pile.start().minusSeconds(60));
    pile.look();
    pile.chain.at(pile.start().plusSeconds(1));
    take(100);
    pile.look();
    pile.chain.at(pile.start().plus(Duration.ofMinutes(30)));
    take(2000);
    pile.look();
    assertEquals(List.of(true), pile.agreed.stream().map(Agreement::inForce).toList());
  }

  private void take(long wattHours) {
    pile.charging = true;
    pile.delivered = Delivered.running(MilliWattHours.ofWattHours(wattHours), paid(wattHours));
  }

  private static Amount paid(long wattHours) {
    return new Amount(wattHours * TradingPile.PRICE.value() / WattHours.PER_KWH);
  }

  /** The car has gone, and the order is settled by what the meter says. */
  private OrderLog.Settled settle(long wattHours) {
    pile.charging = false;
    pile.delivered = Delivered.ended(MilliWattHours.ofWattHours(wattHours), paid(wattHours));
    for (int i = 0; i < 5; i++) {
      pile.step();
    }
    pass(pile.end());
    pile.step();
    pile.step();
    pass(pile.end().plus(MarketChain.TIMING.receipts()));
    for (int i = 0; i < 20 && settled().isEmpty(); i++) {
      pile.step();
    }
    return settled().orElseThrow(() -> new AssertionError(pile.standing().toString()));
  }

  private void pass(Instant time) {
    if (!pile.chain.now().isAfter(time)) {
      pile.chain.at(time.plusSeconds(1));
    }
  }

  private Optional<OrderLog.Settled> settled() {
    return pile.chain.orders.history(pile.chain.since, pile.chain.head().number()).stream()
        .filter(OrderLog.Settled.class::isInstance)
        .map(OrderLog.Settled.class::cast)
        .findFirst();
  }

  private void assertSettledAs(long taken, OrderLog.Settled settled) {
    assertEquals(new WattHours(taken), settled.metering().taken());
    assertEquals(TradingPile.ENERGY, settled.metering().available());
    assertEquals(paid(taken), settled.metering().paid());
  }

  /** Changes what is said of the latest block. */
  private static LyingNode.Lie ofHead(String field, String value) {
    return (method, params, result) ->
        method.equals("eth_getBlockByNumber") && isLatest(params)
            ? LyingNode.with(result, field, value)
            : result;
  }

  private static boolean isLatest(JsonValue params) {
    return params instanceof JsonValue.Array(List<JsonValue> all)
        && all.getFirst() instanceof JsonValue.Text(String which)
        && which.equals("latest");
  }

  private static String hex(Instant time) {
    return "0x" + Long.toHexString(time.getEpochSecond());
  }

  @ParameterizedTest(name = "{0} blocks")
  @ValueSource(ints = {1, 64})
  void aRequestThatAReorganisationUndoesIsConfirmedWhenItIsMadeAgain(int depth) {
    long before = pile.chain.balance(pile.chain.seller.account()).value();
    if (depth == 1) {
      pile.request();
      pile.chain.anvil.autoMine(false);
      pile.look();
      assertEquals(1, pile.sent("confirm").size());
      pile.chain.anvil.reorg(depth);
      pile.chain.anvil.autoMine(true);
    } else {
      long height = pile.chain.anvil.height();
      pile.request();
      pile.look();
      assertEquals(OrderStatus.CONFIRMED, pile.standing().status());
      pile.mine(depth - Math.toIntExact(pile.chain.anvil.height() - height));
      pile.look();
      pile.chain.anvil.reorg(Math.toIntExact(pile.chain.anvil.height() - height));
    }
    assertEquals(OrderStatus.NONE, pile.standing().status());
    pile.until(OrderStatus.RECORDED);
    assertEquals(pile.deal().order().escrow(), pile.standing().escrow());
    long after = pile.chain.balance(pile.chain.seller.account()).value();
    assertEquals(pile.standing().escrow().seller().value(), before - after, "paid in once");
  }

  @ParameterizedTest(name = "{0} blocks")
  @ValueSource(ints = {1, 64})
  void aRecordThatAReorganisationUndoesIsMadeAgain(int depth) {
    pile.request();
    pile.until(OrderStatus.APPROVED);
    long height = pile.chain.anvil.height();
    pile.look();
    assertEquals(OrderStatus.RECORDED, pile.standing().status());
    int more = depth - Math.toIntExact(pile.chain.anvil.height() - height);
    if (more > 0) {
      pile.mine(more);
    }
    pile.look();
    pile.chain.anvil.reorg(depth);
    assertEquals(OrderStatus.APPROVED, pile.standing().status());
    pile.until(OrderStatus.RECORDED);
    assertEquals(pile.deal().order().escrow(), pile.standing().escrow());
  }

  @Test
  void aRecordThatIsUndoneInItsTimeEndsTheSessionWhenTwoLooksSaySo() {
    charge();
    pile.liar.tell(
        (method, params, result) ->
            method.equals("eth_getLogs") ? new JsonValue.Array(List.of()) : result);
    pile.look();
    assertEquals(1, pile.agreed.size(), "one look is none");
    for (int i = 0; i < 4; i++) {
      pile.chain.pass(TradingPile.BLOCK);
      pile.look();
    }
    assertEquals(0, pile.agreed.size());
    assertTold("goes on until that is certain");
    assertTold("its session ends");
    pile.liar.tell(LyingNode.Lie.NONE);
    pile.chain.pass(TradingPile.BLOCK);
    pile.look();
    assertEquals(1, pile.agreed.size(), "what is back holds again");
    assertSettledAs(2000, settle(2000));
  }

  @Test
  void aHeadOfATimeToComeIsRefusedAndMakesTheMeterSayNothing() {
    charge();
    Instant time = pile.end().plus(MarketChain.TIMING.receipts()).plusSeconds(60);
    pile.liar.tell(ofHead("timestamp", hex(time)));
    for (int i = 0; i < 10; i++) {
      pile.look();
    }
    assertEquals(List.of(), pile.sent("meter"));
    assertTrue(pile.remembered().metered().isEmpty());
    assertEquals(1, pile.agreed.size(), "the session goes on");
    assertTold("ahead of the own clock");
    pile.liar.tell(LyingNode.Lie.NONE);
    pile.chain.pass(TradingPile.BLOCK);
    assertSettledAs(5000, settle(5000));
  }

  @Test
  void aHeadThatIsAFewMinutesAheadEndsNothingBeforeItsTime() {
    charge();
    pile.chain.at(pile.end().minusSeconds(120));
    pile.liar.tell(ofHead("timestamp", hex(pile.end().plusSeconds(120))));
    for (int i = 0; i < 10; i++) {
      pile.look();
    }
    assertTrue(pile.remembered().metered().isEmpty());
    assertEquals(1, pile.agreed.size(), "the session goes on");
    take(4000);
    pile.liar.tell(LyingNode.Lie.NONE);
    pile.chain.pass(TradingPile.BLOCK);
    assertSettledAs(4500, settle(4500));
  }

  @Test
  void aHeadOfANumberThatIsNotReachedHidesNothingLater() {
    pile.liar.tell(ofHead("number", "0xffffff"));
    for (int i = 0; i < 3; i++) {
      pile.look();
    }
    pile.liar.tell(LyingNode.Lie.NONE);
    pile.request();
    pile.until(OrderStatus.RECORDED);
    assertEquals(1, pile.view().orElseThrow().orders().size());
  }

  @Test
  void aNodeThatLagsBehindAnOrderUndoesNothingOfIt() {
    AtomicReference<JsonValue> old = new AtomicReference<>();
    pile.liar.tell(
        (method, params, result) -> {
          if (method.equals("eth_getBlockByNumber") && isLatest(params)) {
            old.set(result);
          }
          return result;
        });
    pile.look();
    JsonValue head = Objects.requireNonNull(old.get());
    pile.liar.tell(LyingNode.Lie.NONE);
    charge();
    int sent = pile.sent("confirm").size() + pile.sent("record").size();
    pile.liar.tell(
        (method, params, result) ->
            method.equals("eth_getBlockByNumber") && isLatest(params) ? head : result);
    for (int i = 0; i < 10; i++) {
      pile.look();
    }
    assertEquals(List.of(), pile.view().orElseThrow().orders(), "it is behind");
    assertEquals(1, pile.agreed.size(), "the session goes on");
    assertTold("behind the own clock");
    assertEquals(sent, pile.sent("confirm").size() + pile.sent("record").size());
    pile.liar.tell(LyingNode.Lie.NONE);
    assertSettledAs(3000, settle(3000));
  }

  @Test
  void whatCountedAsDoneAndIsGoneIsReadAnew() {
    pile.request();
    pile.until(OrderStatus.RECORDED);
    pile.mine(200);
    pile.look();
    long height = pile.chain.anvil.height();
    pile.liar.tell(
        (method, params, result) ->
            method.equals("eth_getBlockByNumber") && number(result) == height - 150
                ? LyingNode.with(result, "hash", "0x%064x".formatted(7))
                : result);
    pile.mine(1);
    pile.look();
    assertTold("is read anew");
    pile.liar.tell(LyingNode.Lie.NONE);
    pile.look();
    assertEquals(
        List.of(OrderStage.RECORDED),
        pile.view().orElseThrow().orders().stream().map(order -> order.stage()).toList());
    assertEquals(1, pile.view().orElseThrow().listings().size());
  }

  private static long number(JsonValue block) {
    return block instanceof JsonValue.Fields(var fields)
            && fields.get("number") instanceof JsonValue.Text(String number)
        ? Long.decode(number)
        : -1;
  }

  @Test
  void whatANodeLosesIsHandedToItAgain() {
    pile.request();
    pile.chain.anvil.autoMine(false);
    pile.look();
    assertEquals(1, pile.sent("confirm").size());
    pile.chain.anvil.dropAll();
    pile.look();
    pile.chain.anvil.mine(1);
    assertEquals(OrderStatus.CONFIRMED, pile.standing().status());
    assertEquals(1, pile.sent("confirm").size(), "the same");
    pile.chain.anvil.autoMine(true);
    pile.until(OrderStatus.RECORDED);
  }

  @ParameterizedTest(name = "notes kept: {0}")
  @ValueSource(booleans = {true, false})
  void aSettlementThatIsUndoneIsSettledByTheSameWordOfTheMeter(boolean withItsNotes) {
    charge();
    assertSettledAs(4000, settle(4000));
    pile.chain.anvil.reorg(2);
    pile.restart(withItsNotes);
    pile.delivered = Delivered.ended(MilliWattHours.ofWattHours(10), paid(4000));
    for (int i = 0; i < 20 && settled().isEmpty(); i++) {
      pile.step();
    }
    assertSettledAs(4000, settled().orElseThrow());
    assertEquals(
        1, pile.sent("meter").stream().map(entry -> entry.intent().data()).distinct().count());
  }
}
