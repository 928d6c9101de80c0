package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonValue;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transaction is given up on a chain where a plain payment is dear. */
class GivingUpTest {
  private static final EvmAddress PAYEE =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");

  private final MemoryOutbox outbox = new MemoryOutbox();
  private Anvil anvil;
  private EvmRpc node;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    node = anvil.rpc();
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private static TransactionIntent payment(String key, long wei) {
    return new TransactionIntent(
        key,
        "a payment",
        Optional.of(PAYEE),
        ByteVector.empty,
        Wei.of(wei),
        OptionalLong.empty(),
        Optional.empty());
  }

  @Test
  void givingUpTakesTheGasThatAPaymentNeedsOnThisChain() throws IOException {
    try (LyingNode dear = new LyingNode(anvil);
        EvmRpc rpc = dear.rpc()) {
      dear.tell(
          (method, params, result) ->
              method.equals("eth_estimateGas")
                  ? new JsonValue.Text(Hex.quantity(100_000))
                  : result);
      TransactionSender sender =
          new TransactionSender(
              rpc, Anvil.key(0), outbox, FeePolicy.USUAL, Finality.depth(3), Reverts.PLAIN);
      sender.submit(payment("a", 5).withGasLimit(300_000));
      sender.abandon("a");
      anvil.mine(1);
      EvmReceipt receipt = node.receipt(outbox.entry("a").last().hash()).orElseThrow();
      assertTrue(receipt.success());
      assertTrue(outbox.entry("a").isAbandoned());
      dear.tell(
          (method, params, result) ->
              method.equals("eth_estimateGas") ? new JsonValue.Text("0x7fffffffffffffff") : result);
      sender.submit(payment("b", 5).withGasLimit(300_000));
      sender.abandon("b");
      anvil.mine(1);
      assertTrue(node.receipt(outbox.entry("b").last().hash()).orElseThrow().success());
    }
  }
}
