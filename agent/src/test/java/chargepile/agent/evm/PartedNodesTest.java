package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonValue;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of two nodes one says what is absurd, or has blocks of its own. */
class PartedNodesTest {
  private static final EvmKey KEY = Anvil.key(3);

  private final List<NodeAlert> alerts = new CopyOnWriteArrayList<>();
  private Anvil anvil;
  private LyingNode liar;
  private RedundantNode both;
  private Beacon beacon;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still("--slots-in-an-epoch", "1");
    liar = new LyingNode(anvil);
    both =
        new RedundantNode(
            anvil.rpc(),
            liar.rpc(),
            Duration.ofDays(1),
            Duration.ZERO,
            InstantSource.system(),
            alerts::add);
    beacon = Beacon.at(anvil, "0x00000000000000000000000000000000000000be");
    anvil.mine(5);
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
  private void lie(String about, UnaryOperator<JsonValue> lie) {
    liar.tell((method, params, result) -> method.equals(about) ? lie.apply(result) : result);
  }

  private long head() {
    return both.block(BlockRef.LATEST).orElseThrow().number();
  }

  @Test
  void headsThatPartForLongAreToldOfOnceAndTheLastCommonBlockIsTheHead() {
    long parted = anvil.height();
    anvil.mine(4);
    liar.tell(
        (method, params, result) ->
            method.startsWith("eth_getBlockBy") && number(result) > parted
                ? LyingNode.with(result, "hash", "0x%064x".formatted(number(result)))
                : result);
    assertEquals(parted, head());
    assertEquals(parted, head());
    assertInstanceOf(NodeAlert.Disagreement.class, alerts.getFirst());
    assertEquals(1, alerts.size());
    liar.tell(LyingNode.Lie.NONE);
    assertEquals(parted + 4, head());
    assertInstanceOf(NodeAlert.Agreement.class, alerts.getLast());
  }

  @Test
  void headsThatPartForABlockOrTwoAreNoNews() {
    long parted = anvil.height();
    anvil.mine(2);
    liar.tell(
        (method, params, result) ->
            method.startsWith("eth_getBlockBy") && number(result) > parted
                ? LyingNode.with(result, "hash", "0x%064x".formatted(number(result)))
                : result);
    assertEquals(parted, head());
    assertEquals(List.of(), alerts);
  }

  private static long number(JsonValue block) {
    return block instanceof JsonValue.Fields(var fields)
            && fields.get("number") instanceof JsonValue.Text(String number)
        ? Long.decode(number)
        : -1;
  }

  @Test
  void aStateThatOneLiesAboutIsToldOfOnce() {
    lie("eth_getTransactionCount", result -> new JsonValue.Text("0x63"));
    for (int i = 0; i < 3; i++) {
      assertTrue(head() > 0);
      assertThrows(
          DisagreeingNodesException.class, () -> both.nonce(KEY.address(), BlockRef.LATEST));
    }
    assertEquals(1, alerts.size());
    assertInstanceOf(NodeAlert.Disagreement.class, alerts.getFirst());
  }

  @Test
  void ofFeesAndGasTheHigherCountsUnlessItIsAbsurd() {
    EvmCall call = EvmCall.question(beacon.address(), new ByteVector("%064x".formatted(1)));
    long gas = both.estimateGas(call);
    Wei fee = both.feeHistory(1).nextBaseFee();
    lie("eth_estimateGas", result -> new JsonValue.Text(Hex.quantity(gas * 3 / 2)));
    assertEquals(gas * 3 / 2, both.estimateGas(call));
    lie("eth_estimateGas", result -> new JsonValue.Text("0x7fffffffffffffff"));
    assertEquals(gas, both.estimateGas(call));
    lie(
        "eth_feeHistory",
        result ->
            result instanceof JsonValue.Fields(var fields)
                ? new JsonValue.Fields(
                    fields.entrySet().stream()
                        .collect(
                            java.util.stream.Collectors.toMap(
                                Map.Entry::getKey,
                                e ->
                                    e.getKey().equals("baseFeePerGas")
                                        ? new JsonValue.Array(
                                            List.of(
                                                new JsonValue.Text("0xffffffffffff"),
                                                new JsonValue.Text("0xffffffffffff")))
                                        : e.getValue())))
                : result);
    assertEquals(fee.times(2), both.feeHistory(1).nextBaseFee());
  }

  @Test
  void theFirstTransactionOfAllGetsTheLowerOfTwoNonces() {
    lie("eth_getTransactionCount", result -> new JsonValue.Text("0x63"));
    TransactionSender sender = sender(new MemoryOutbox());
    assertEquals(0, sender.submit(beacon.light(1)).nonce());
    assertEquals(1, sender.submit(beacon.light(2)).nonce());
  }

  private TransactionSender sender(EvmOutbox outbox) {
    return new TransactionSender(
        both, KEY, outbox, FeePolicy.USUAL, Finality.depth(3), Reverts.PLAIN);
  }
}
