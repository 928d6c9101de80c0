package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.MemoryOutbox;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contracts of a market, each once and where the others look for it. */
class DeploymentTest {
  private static final EvmAddress UNDERLYING = EvmAddress.of("0x" + "0".repeat(38) + "ee");
  private static final EvmKey ACCOUNT = Anvil.key(0);

  private final MemoryOutbox outbox = new MemoryOutbox();
  private final List<Part> told = new ArrayList<>();
  private Anvil anvil;
  private EvmRpc node;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.mining("--slots-in-an-epoch", "1");
    node = anvil.rpc();
    anvil.setCode(UNDERLYING, ByteVector.fromHex("60065f5260205ff3"));
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  @Test
  void stoppedHalfWayItGoesOnWhereItWas() throws Exception {
    Deployment stopped =
        deployment(
            underlying(),
            (part, _, _, _) -> {
              if (part == Part.SETTLEMENTS) {
                throw new IllegalStateException("the power is cut");
              }
            });
    assertThrows(IllegalStateException.class, stopped::run);
    assertEquals(5, node.nonce(ACCOUNT.address(), BlockRef.LATEST));

    Deployment.Market market = deployment(underlying(), this::note).run();
    assertEquals(List.of(Part.values()), told);
    assertEquals(9, node.nonce(ACCOUNT.address(), BlockRef.LATEST));
    market
        .at()
        .forEach(
            (part, at) -> assertFalse(node.code(at, BlockRef.LATEST).isEmpty(), part.contract()));
    assertEquals(0, deployment(underlying(), this::note).gasNeeded());
  }

  @Test
  void anotherTransactionInBetweenIsNoticed() {
    Deployment stopped =
        deployment(
            underlying(),
            (_, _, _, _) -> {
              throw new IllegalStateException("the power is cut");
            });
    assertThrows(IllegalStateException.class, stopped::run);
    anvil.transfer(0, UNDERLYING, Wei.of(1));
    String why =
        String.valueOf(
            assertThrows(CommandFailedException.class, deployment(underlying(), this::note)::run)
                .getMessage());
    assertTrue(why.contains("was used for something else meanwhile"), why);
  }

  @Test
  void aTokenThatIsThereIsUsed() throws Exception {
    Deployment.Market first = deployment(underlying(), this::note).run();
    outbox.entries().forEach(entry -> outbox.forget(entry.intent().key()));
    told.clear();
    var token = new Blueprint.Source.Existing(first.of(Part.TOKEN));
    Deployment.Market second = deployment(token, this::note).run();
    assertFalse(told.contains(Part.TOKEN));
    assertEquals(first.of(Part.TOKEN), second.of(Part.TOKEN));
    assertTrue(!second.of(Part.REGISTRY).equals(first.of(Part.REGISTRY)));
  }

  @Test
  void whereThereIsNoTokenNothingIsSent() {
    var nothing = new Blueprint.Source.Existing(EvmAddress.of("0x" + "ab".repeat(20)));
    assertThrows(CommandFailedException.class, deployment(nothing, this::note)::run);
    assertEquals(0, node.nonce(ACCOUNT.address(), BlockRef.LATEST));
  }

  private static Blueprint.Source underlying() {
    return new Blueprint.Source.Underlying(UNDERLYING);
  }

  private void note(Part part, EvmAddress at, Object receipt, boolean before) {
    told.add(part);
  }

  private Deployment deployment(Blueprint.Source token, Deployment.Progress progress) {
    EvmAddress agency = Anvil.key(1).address();
    Offices offices =
        new Offices(
            Anvil.key(3).address(),
            ByteVector32.One,
            agency,
            Anvil.key(2).address(),
            Optional.empty(),
            agency);
    TransactionSender sender =
        new TransactionSender(
            node, ACCOUNT, outbox, FeePolicy.USUAL, Finality.depth(1), ContractArtifact.reverts());
    return new Deployment(
        new Blueprint(rules(), offices, token, true),
        ACCOUNT.address(),
        outbox,
        new Carrying(node, sender, Duration.ofMillis(20), _ -> {}),
        progress);
  }

  private static Rules rules() {
    try {
      return Rules.of(50, Map.of());
    } catch (CommandFailedException e) {
      throw new AssertionError(e);
    }
  }
}
