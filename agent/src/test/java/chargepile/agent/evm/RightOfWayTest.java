package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.json.JsonValue;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can't be mined holds up nothing that has a deadline (P1-34). */
class RightOfWayTest {
  private static final EvmAddress PAYEE =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");
  private static final String MARKET = "market/quote";
  private static final String OWN = "voucher/claim";
  private static final String CHALLENGE = "voucher/challenge";

  /** No block of anvil's has room for so much. */
  private static final long TOO_MUCH_GAS = 60_000_000;

  private static final int DEPTH = 3;
  private static final Duration LAST_CALL = FeePolicy.USUAL.lastCall();

  private Anvil anvil;
  private EvmNode node;
  private MemoryOutbox outbox;
  private TransactionSender sender;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    node = anvil.rpc();
    outbox = new MemoryOutbox();
    restart();
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private void restart() {
    outbox = outbox.reopened();
    sender =
        new TransactionSender(
            node,
            Anvil.key(0),
            outbox,
            FeePolicy.USUAL,
            Finality.depth(DEPTH),
            Reverts.PLAIN,
            key -> key.startsWith("market/"));
  }

  private static TransactionIntent payment(String key, long gas) {
    return new TransactionIntent(
        key,
        "a payment",
        Optional.of(PAYEE),
        ByteVector.empty,
        Wei.of(5),
        OptionalLong.of(gas),
        Optional.empty());
  }

  private void challenge(Duration left) {
    challenge(left, 30_000);
  }

  private void challenge(Duration left, long gas) {
    sender.submit(payment(CHALLENGE, gas).withDeadline(now().plus(left)));
  }

  private Instant now() {
    return node.block(BlockRef.LATEST).orElseThrow().time();
  }

  private void blocks(int count) {
    for (int i = 0; i < count; i++) {
      anvil.mine(1);
      var unused = sender.advance();
    }
  }

  private void assertIsMined(String key) {
    var finished =
        assertInstanceOf(
            TransactionStatus.Finished.class, Objects.requireNonNull(sender.advance().get(key)));
    assertInstanceOf(Finish.Succeeded.class, finished.finish());
  }

  private boolean isGivenUp(String key) {
    return outbox.entry(key).isAbandoned();
  }

  @Test
  void aMarketCallThatNodesRefuseMakesWayForAChallengeAtOnceAndThatIsTold() {
    sender.submit(payment(MARKET, TOO_MUCH_GAS));
    challenge(Duration.ofHours(20));
    anvil.mine(2);
    assertFalse(isGivenUp(MARKET), "it may be a node's whim");
    anvil.mine(1);
    var told =
        assertInstanceOf(
            TransactionStatus.Stuck.class, Objects.requireNonNull(sender.advance().get(MARKET)));
    assertTrue(told.why().contains("it is given up, for a payment (" + CHALLENGE), told.why());
    assertTrue(isGivenUp(MARKET));
    blocks(DEPTH + 1);
    assertIsMined(CHALLENGE);
    assertEquals(Wei.of(5), node.balance(PAYEE, BlockRef.LATEST));
  }

  @Test
  void whatMadeWayStaysSoAfterARestart() {
    sender.submit(payment(MARKET, TOO_MUCH_GAS));
    challenge(Duration.ofHours(20));
    anvil.mine(3);
    var unused = sender.advance();
    anvil.dropAll();
    restart();
    blocks(DEPTH + 2);
    assertIsMined(CHALLENGE);
    assertInstanceOf(Finish.Abandoned.class, outbox.entry(MARKET).finish().orElseThrow());
    assertTrue(isGivenUp(MARKET));
  }

  @Test
  void whatWasDecidedBeforeARestartMakesWayAfterIt() {
    sender.submit(payment(MARKET, TOO_MUCH_GAS));
    challenge(Duration.ofHours(20));
    restart();
    blocks(3 + DEPTH + 1);
    assertIsMined(CHALLENGE);
  }

  @Test
  void aCallThatTheAccountCantPayForMakesWay() {
    sender.submit(payment(MARKET, 3_000_000));
    challenge(Duration.ofHours(20));
    FeeBid bid = outbox.entry(MARKET).last().bid();
    anvil.dropAll();
    anvil.setBalance(sender.account(), bid.max().times(200_000));
    blocks(3 + DEPTH + 1);
    assertTrue(isGivenUp(MARKET));
    assertIsMined(CHALLENGE);
  }

  @Test
  void aCallThatPoolsTakeAndForgetMakesWay() {
    sender.submit(payment(MARKET, 30_000));
    challenge(Duration.ofHours(20));
    int blocks = 0;
    while (!isGivenUp(MARKET)) {
      outbox.entry(MARKET).attempts().forEach(attempt -> anvil.drop(attempt.hash()));
      blocks(1);
      assertTrue(++blocks < 30, "it never makes way");
    }
    assertTrue(blocks > 5, "pools may be slow");
    blocks(DEPTH + 1);
    assertIsMined(CHALLENGE);
  }

  @Test
  void whatIsTheChannelsOwnMakesWayOnlyWhenTheDeadlineComesNear() {
    sender.submit(payment(OWN, TOO_MUCH_GAS));
    challenge(LAST_CALL.multipliedBy(5));
    blocks(20);
    assertFalse(isGivenUp(OWN));
    anvil.passTime(LAST_CALL.multipliedBy(3));
    blocks(2);
    assertTrue(isGivenUp(OWN));
    blocks(DEPTH + 1);
    assertIsMined(CHALLENGE);
    assertTrue(now().isBefore(outbox.entry(CHALLENGE).intent().deadline().orElseThrow()));
  }

  @Test
  void whatHasADeadlineItselfIsNotGivenUp() {
    sender.submit(payment(OWN, TOO_MUCH_GAS).withDeadline(now().plus(LAST_CALL)));
    challenge(LAST_CALL);
    blocks(30);
    assertFalse(isGivenUp(OWN));
  }

  /** The market's settlement of an order has one of a day. */
  @Test
  void aMarketCallWithADeadlineMakesWayForAChallengeAndForNoOtherMarketCall() {
    sender.submit(payment(MARKET, TOO_MUCH_GAS).withDeadline(now().plus(Duration.ofDays(1))));
    sender.submit(payment(MARKET + "/2", 30_000).withDeadline(now().plus(Duration.ofHours(20))));
    blocks(30);
    assertFalse(isGivenUp(MARKET));
    challenge(Duration.ofHours(20));
    blocks(30);
    assertTrue(isGivenUp(MARKET));
    assertIsMined(CHALLENGE);
  }

  @Test
  void whereNothingWaitsThatHasADeadlineNothingMakesWay() {
    sender.submit(payment(MARKET, TOO_MUCH_GAS));
    sender.submit(payment(OWN, 30_000));
    sender.submit(payment(CHALLENGE, 30_000).withDeadline(now().minusSeconds(1)));
    blocks(30);
    assertFalse(isGivenUp(MARKET));
  }

  @Test
  void aCallThatIsMinedInTimeIsNotGivenUp() {
    sender.submit(payment(MARKET, 30_000));
    challenge(Duration.ofHours(20));
    blocks(20);
    assertFalse(isGivenUp(MARKET));
    assertIsMined(MARKET);
    assertIsMined(CHALLENGE);
  }

  /** Of a balance that pays 100 gwei for either, and 50 for both. */
  @Test
  void whatStandsBeforeAChallengeIsRaisedNoFurtherThanLeavesItAsMuch() {
    sender.submit(payment(OWN, 100_000));
    challenge(Duration.ofMinutes(50), 100_000);
    anvil.setBalance(sender.account(), Wei.ofGwei(100).times(100_000).plus(Wei.of(10)));
    for (int i = 0; i < 10; i++) {
      anvil.nextBaseFee(Wei.ofGwei(300));
      blocks(1);
    }
    Wei most =
        outbox.entry(OWN).attempts().stream()
            .filter(OutboxEntry.Attempt::does)
            .map(attempt -> attempt.bid().max())
            .reduce(Wei.ZERO, Wei::max);
    assertEquals(Wei.ofGwei(50), most);
  }

  @Test
  void aNodeThatLiesAboutNoncesKeepsNothingFromMakingWay() throws IOException {
    try (LyingNode liar = new LyingNode(anvil);
        RedundantNode both =
            new RedundantNode(
                anvil.rpc(),
                liar.rpc(),
                Duration.ofDays(1),
                Duration.ZERO,
                InstantSource.system(),
                _ -> {})) {
      liar.tell(
          (method, params, result) ->
              method.equals("eth_getTransactionCount") ? new JsonValue.Text("0x63") : result);
      EvmNode honest = node;
      node = both;
      restart();
      sender.submit(payment(MARKET, TOO_MUCH_GAS));
      challenge(Duration.ofHours(20));
      blocks(3);
      assertTrue(isGivenUp(MARKET));
      blocks(2);
      assertEquals(Wei.of(5), honest.balance(PAYEE, BlockRef.LATEST));
      node = honest;
    }
  }
}
