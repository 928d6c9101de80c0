package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.LogFollower.Cursor;
import chargepile.agent.evm.LogFollower.News;
import chargepile.agent.json.JsonValue;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One honest node, and one that lies, lags, drops or is away: both before the same real chain. */
class RedundantNodeTest {
  private static final EvmKey KEY = Anvil.key(3);
  private static final JsonValue NULL = new JsonValue.Nothing();

  private final List<NodeAlert> alerts = new CopyOnWriteArrayList<>();
  private Anvil anvil;
  private LyingNode liar;
  private RedundantNode both;
  private Beacon beacon;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still("--slots-in-an-epoch", "1");
    liar = new LyingNode(anvil);
    both = both(Duration.ofDays(1));
    beacon = Beacon.at(anvil, "0x00000000000000000000000000000000000000be");
    anvil.mine(5);
  }

  private RedundantNode both(Duration mostLag) {
    InstantSource clock = () -> Instant.now();
    return new RedundantNode(anvil.rpc(), liar.rpc(), mostLag, Duration.ZERO, clock, alerts::add);
  }

  @AfterEach
  void stop() {
    if (both != null) {
      both.close();
      liar.close();
      anvil.close();
    }
  }

  /** Lies about one method. */
  private void lie(String about, java.util.function.UnaryOperator<JsonValue> lie) {
    liar.tell((method, params, result) -> method.equals(about) ? lie.apply(result) : result);
  }

  private long head() {
    return both.block(BlockRef.LATEST).orElseThrow().number();
  }

  @Test
  void nodesThatAgreeAreAsOne() {
    EvmReceipt receipt = anvil.carryOut(KEY, beacon.light(1));
    assertEquals(anvil.height(), head());
    assertEquals(anvil.height() - 1, both.block(BlockRef.SAFE).orElseThrow().number());
    assertEquals(receipt, both.receipt(receipt.transaction()).orElseThrow());
    assertEquals(List.of(1), Beacon.numbers(both.logs(beacon.logs(), 0, anvil.height())));
    assertEquals(1, both.nonce(KEY.address(), BlockRef.LATEST));
    assertEquals(List.of(), alerts);
  }

  @Test
  void theHeadIsWhereTheMoreHesitantStands() {
    long hesitant = anvil.height();
    anvil.mine(3);
    liesBehind(hesitant);
    assertEquals(hesitant, head());
    assertEquals(List.of(), alerts);
  }

  /** The liar stays at a block, which is all true. */
  private void liesBehind(long number) {
    JsonValue block;
    try (EvmRpc node = anvil.rpc()) {
      EvmBlock at = node.block(BlockRef.number(number)).orElseThrow();
      block =
          new JsonValue.Fields(
              Map.of(
                  "number", new JsonValue.Text(Hex.quantity(at.number())),
                  "hash", new JsonValue.Text(Hex.data(at.hash())),
                  "parentHash", new JsonValue.Text(Hex.data(at.parent())),
                  "timestamp", new JsonValue.Text(Hex.quantity(at.time().getEpochSecond())),
                  "baseFeePerGas", new JsonValue.Text(Hex.quantity(at.baseFee().value()))));
    }
    liar.tell(
        (method, params, result) ->
            method.equals("eth_getBlockByNumber") && asks(params, "latest") ? block : result);
  }

  private static boolean asks(JsonValue params, String first) {
    return params instanceof JsonValue.Array(List<JsonValue> values)
        && !values.isEmpty()
        && values.getFirst().equals(new JsonValue.Text(first));
  }

  @Test
  void aNodeThatLagsTooFarIsLeftAloneAndTheOperatorTold() {
    both.close();
    both = both(Duration.ofMinutes(3));
    long hesitant = anvil.height();
    anvil.nextTime(Instant.now().plusSeconds(170));
    anvil.mine(1);
    liesBehind(hesitant);
    // Its last block is not three minutes older yet.
    assertEquals(hesitant, head());
    anvil.nextTime(Instant.now().plusSeconds(179));
    anvil.mine(1, 1);
    liar.tell(
        (method, params, result) ->
            method.equals("eth_getBlockByNumber") && asks(params, "latest")
                ? LyingNode.with(
                    LyingNode.with(result, "number", Hex.quantity(1)), "timestamp", "0x1")
                : result);
    assertEquals(anvil.height(), head());
    var lost = assertInstanceOf(NodeAlert.Lost.class, alerts.getFirst());
    assertTrue(lost.reason().contains("is late: its last block is 1"), lost.reason());
  }

  @Test
  void aHeadFromTheFutureMakesNobodyLate() {
    both.close();
    both = both(Duration.ofMinutes(3));
    String future = Hex.quantity(Instant.now().plusSeconds(86_400).getEpochSecond());
    liar.tell(
        (method, params, result) ->
            method.equals("eth_getBlockByNumber") && asks(params, "latest")
                ? LyingNode.with(LyingNode.with(result, "number", "0xffffff"), "timestamp", future)
                : result);
    assertEquals(anvil.height(), head());
    assertEquals(List.of(), alerts);
  }

  @Test
  void heldAgainstAnotherFinalBlockNothingIsFinal() {
    liar.tell(
        (method, params, result) ->
            method.equals("eth_getBlockByNumber") && !asks(params, "latest")
                ? LyingNode.with(result, "hash", "0x" + "66".repeat(32))
                : result);
    DisagreeingNodesException torn =
        assertThrows(DisagreeingNodesException.class, () -> both.block(BlockRef.FINALIZED));
    String said = String.valueOf(torn.getMessage());
    assertTrue(said.contains("One of them lies"), said);
    assertFalse(said.contains("secret"), said);
    assertInstanceOf(NodeAlert.Disagreement.class, alerts.getFirst());
    liar.tell(LyingNode.Lie.NONE);
    assertTrue(both.block(BlockRef.FINALIZED).isPresent());
    assertInstanceOf(NodeAlert.Agreement.class, alerts.getLast());
    assertEquals(2, alerts.size());
  }

  @Test
  void aForkAtTheHeadIsNoDisputeAndTheHeadIsBeforeIt() {
    long parted = anvil.height() - 2;
    liar.tell(
        (method, params, result) -> {
          if (!method.equals("eth_getBlockByNumber")) {
            return result;
          }
          long number = new RpcValue("test", "block", result).at("number").number();
          return number > parted
              ? LyingNode.with(result, "hash", "0x" + "%02x".formatted(number).repeat(32))
              : result;
        });
    assertEquals(parted, head());
    assertEquals(List.of(), alerts);
  }

  @Test
  void aReceiptThatOnlyOneHasInABlockOfBothIsALie() {
    EvmReceipt receipt = anvil.carryOut(KEY, beacon.light(1));
    lie("eth_getTransactionReceipt", result -> NULL);
    assertThrows(DisagreeingNodesException.class, () -> both.receipt(receipt.transaction()));
    lie("eth_getTransactionReceipt", result -> LyingNode.with(result, "status", "0x0"));
    assertThrows(DisagreeingNodesException.class, () -> both.receipt(receipt.transaction()));
  }

  @Test
  void aReceiptWhoseBlockTheOtherLacksIsNoReceiptYet() {
    EvmReceipt receipt = anvil.carryOut(KEY, beacon.light(1));
    String here = Hex.quantity(receipt.block());
    liar.tell(
        (method, params, result) ->
            method.equals("eth_getTransactionReceipt")
                    || (method.equals("eth_getBlockByNumber") && asks(params, here))
                ? NULL
                : result);
    assertTrue(both.receipt(receipt.transaction()).isEmpty());
  }

  @Test
  void logsThatOneHidesOrInventsAreNeverFinalAndStillSeen() {
    anvil.carryOut(KEY, beacon.light(1));
    lie("eth_getLogs", result -> new JsonValue.Array(List.of()));
    assertThrows(
        DisagreeingNodesException.class, () -> both.logs(beacon.logs(), 0, anvil.height()));
    var follower =
        new LogFollower(both, both.witnesses(), beacon.logs(), Finality.depth(2), Cursor.before(0));
    List<News> news = follower.look().news();
    assertEquals(1, news.size());
    assertInstanceOf(News.Seen.class, news.getFirst());
    anvil.mine(4);
    assertEquals(List.of(), follower.look().news());
    liar.tell(LyingNode.Lie.NONE);
    assertInstanceOf(News.Confirmed.class, follower.look().news().getFirst());
  }

  @Test
  void aNodeThatIsAwayIsTakenOverForAndComesBack() {
    liar.silence(true);
    EvmReceipt receipt = anvil.carryOut(KEY, beacon.light(1));
    assertEquals(receipt, both.receipt(receipt.transaction()).orElseThrow());
    assertInstanceOf(NodeAlert.Lost.class, alerts.getFirst());
    liar.silence(false);
    assertEquals(anvil.height(), head());
    assertInstanceOf(NodeAlert.Back.class, alerts.getLast());
  }

  @Test
  void aNodeThatIsAskedTooOftenIsTakenOverFor() {
    liar.tell((method, params, result) -> LyingNode.refusal(-32_005, "rate exceeded"));
    EvmReceipt receipt = anvil.carryOut(KEY, beacon.light(1));
    assertEquals(receipt, both.receipt(receipt.transaction()).orElseThrow());
    assertEquals(1, both.nonce(KEY.address(), BlockRef.LATEST));
    var lost = assertInstanceOf(NodeAlert.Lost.class, alerts.getFirst());
    assertTrue(lost.reason().contains("rate exceeded"), lost.reason());
  }

  @Test
  void aRangeThatOneRefusesIsAskedForInParts() {
    anvil.carryOut(KEY, beacon.light(1));
    anvil.mine(30);
    liar.tell(
        (method, params, result) ->
            method.equals("eth_getLogs") && LogFollowerTest.blocks(params) > 5
                ? LyingNode.refusal(-32_005, "query exceeds max block range 5")
                : result);
    var follower =
        new LogFollower(both, both.witnesses(), beacon.logs(), Finality.depth(2), Cursor.before(0));
    assertInstanceOf(News.Confirmed.class, follower.look().news().getFirst());
    assertEquals(List.of(), alerts);
  }

  @Test
  void aCallThatOneRevertsAndTheOtherAnswersIsALie() {
    lie("eth_call", result -> LyingNode.refusal(3, "execution reverted"));
    EvmCall call = EvmCall.question(beacon.address(), new ByteVector("00".repeat(32)));
    assertThrows(DisagreeingNodesException.class, () -> both.call(call, BlockRef.LATEST));
  }

  @Test
  void aNodeOfAnotherChainIsNeverAskedAgain() {
    lie("eth_chainId", result -> new JsonValue.Text("0x1"));
    assertEquals(anvil.height(), head());
    var lost = assertInstanceOf(NodeAlert.Lost.class, alerts.getFirst());
    assertTrue(lost.reason().contains("serves the chain 1 and not 31337"), lost.reason());
    liar.tell(LyingNode.Lie.NONE);
    assertEquals(anvil.height(), head());
    assertEquals(1, alerts.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eth_getBlockByNumber",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_feeHistory",
        "eth_getTransactionByHash",
        "eth_sendRawTransaction",
        "eth_estimateGas",
      })
  void whateverOneSaysATransactionIsSentAndFinishedOnceTheyAgree(String method) {
    lie(
        method,
        result ->
            switch (method) {
              case "eth_getBlockByNumber" -> LyingNode.with(result, "hash", "0x" + "66".repeat(32));
              case "eth_getTransactionCount" -> new JsonValue.Text("0x63");
              case "eth_estimateGas" -> new JsonValue.Text("0x5300");
              case "eth_feeHistory" -> LyingNode.with(result, "oldestBlock", "nonsense");
              case "eth_sendRawTransaction" -> new JsonValue.Text("0x" + "00".repeat(32));
              default -> NULL;
            });
    TransactionSender sender = sender(new MemoryOutbox());
    boolean decided = false;
    for (int i = 0; i < 3; i++) {
      try {
        sender.submit(beacon.light(1));
        decided = true;
        break;
      } catch (EvmException e) {
        assertTrue(
            method.equals("eth_getBlockByNumber") || method.equals("eth_getTransactionCount"),
            method + ": " + e.getMessage());
      }
    }
    if (!decided) {
      // Nothing was decided, and nothing is lost: it is tried again once they agree.
      liar.tell(LyingNode.Lie.NONE);
      sender.submit(beacon.light(1));
      lie(method, result -> NULL);
    }
    var unused = sender.advance();
    anvil.mine(1);
    unused = sender.advance();
    anvil.mine(5);
    liar.tell(LyingNode.Lie.NONE);
    assertInstanceOf(TransactionStatus.Finished.class, sender.advance().get(beacon.light(1).key()));
    assertEquals(List.of(1), Beacon.numbers(both.logs(beacon.logs(), 0, anvil.height())));
  }

  @Test
  void whileTheyDisputeTheHeadAnUrgentTransactionStillGetsThroughARiseOfFees() {
    TransactionSender sender = sender(new MemoryOutbox());
    sender.submit(beacon.light(0));
    anvil.mine(1);
    Wei hundredfold = both.feeHistory(1).nextBaseFee().times(100);
    Instant soon = both.block(BlockRef.LATEST).orElseThrow().time().plusSeconds(3000);
    TransactionIntent challenge = beacon.light(1).withDeadline(soon);
    lie("eth_getBlockByNumber", result -> LyingNode.with(result, "hash", "0x" + "66".repeat(32)));
    sender.submit(challenge);
    for (int i = 0; i < 3; i++) {
      anvil.nextBaseFee(hundredfold);
      anvil.mine(1);
      assertInstanceOf(TransactionStatus.Stuck.class, sender.advance().get(challenge.key()));
    }
    try (EvmRpc honest = anvil.rpc()) {
      assertEquals(List.of(0, 1), Beacon.numbers(honest.logs(beacon.logs(), 0, anvil.height())));
    }
  }

  private TransactionSender sender(EvmOutbox outbox) {
    return new TransactionSender(
        both, KEY, outbox, FeePolicy.USUAL, Finality.depth(3), Reverts.PLAIN);
  }

  @Test
  void aNodeThatDropsTransactionsIsNotRelyedOn() {
    // It says that it took them and forgets them; the other has them.
    liar.tell(
        (method, params, result) -> method.equals("eth_getTransactionByHash") ? NULL : result);
    TransactionSender sender = sender(new MemoryOutbox());
    OutboxEntry entry = sender.submit(beacon.light(1));
    anvil.drop(entry.last().hash());
    var unused = sender.advance();
    anvil.mine(4);
    assertInstanceOf(TransactionStatus.Finished.class, sender.advance().get(beacon.light(1).key()));
  }

  @Test
  void whatNoNodeTakesIsRefused() {
    assertThrows(RefusedByNodeException.class, () -> both.send(ByteVector.fromHex("02c0")));
  }

  @Test
  void whenBothAreAwayEachIsNamed() {
    liar.silence(true);
    anvil.close();
    EvmException nobody = assertThrows(UnreachableNodeException.class, this::head);
    String said = String.valueOf(nobody.getMessage());
    assertTrue(said.startsWith("no node serves: "), said);
    assertFalse(said.contains("secret"), said);
  }
}
