package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.MemoryOutbox;
import chargepile.agent.evm.Reverts;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A command waits until what it decided on is in a block, and says nothing else is. */
class CarryingTest {
  private static final EvmAddress PAYEE =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");
  private static final TransactionIntent PAYMENT =
      new TransactionIntent(
          "hand/payment",
          "payment",
          Optional.of(PAYEE),
          ByteVector.empty,
          Wei.of(5),
          OptionalLong.empty(),
          Optional.empty());

  @Test
  void whatMadeWayIsNotDoneAndCanBeGivenAgain() throws Exception {
    try (Anvil anvil = Anvil.still();
        EvmRpc node = anvil.rpc()) {
      TransactionSender sender =
          new TransactionSender(
              node,
              Anvil.key(0),
              new MemoryOutbox(),
              FeePolicy.USUAL,
              Finality.depth(3),
              Reverts.PLAIN);
      List<String> said = new ArrayList<>();
      Carrying carrying =
          new Carrying(
              node,
              sender,
              Duration.ofMillis(1),
              why -> {
                said.add(why);
                anvil.mine(5); // until that is final
              });
      var unused = sender.submit(PAYMENT);
      sender.abandon(PAYMENT.key());
      anvil.mine(1);
      var failed = assertThrows(CommandFailedException.class, () -> carrying.mined(PAYMENT));
      assertTrue(String.valueOf(failed.getMessage()).contains("was given up in block"));
      assertTrue(said.stream().anyMatch(why -> why.contains("made way")), said::toString);
      assertEquals(Wei.ZERO, node.balance(PAYEE, BlockRef.LATEST));

      anvil.autoMine(true);
      EvmReceipt receipt = carrying.mined(PAYMENT);
      assertTrue(receipt.success());
      assertEquals(Wei.of(5), node.balance(PAYEE, BlockRef.LATEST));
    }
  }
}
