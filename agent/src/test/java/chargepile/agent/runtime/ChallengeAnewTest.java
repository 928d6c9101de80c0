package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RedundantNode;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.json.JsonValue;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.VoucherAction;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An answer that failed in a block is given anew long before that block is final: on this chain a
 * block is so only after the challenge period (P1-34).
 */
class ChallengeAnewTest {
  private static final long FIRST = 3000;
  private static final long BEST = 9000;
  private static final int NEVER = 100;
  private static final ByteVector32 PREIMAGE = new ByteVector32("5e".repeat(32));

  @TempDir Path directory;
  private Anvil anvil;
  private LyingNode liar;
  private VoucherChain chain;
  private ChainPair pair;
  private ChainSide pile;

  @BeforeEach
  @SuppressWarnings("NullAway.Init") // the rest comes with the channel and the nodes
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    liar = new LyingNode(anvil);
    chain = VoucherChain.on(anvil);
  }

  @AfterEach
  void stop() {
    if (anvil != null) {
      if (pair != null) {
        pair.close();
      }
      liar.close();
      anvil.close();
    }
  }

  /** Paid for, and the driver is gone. */
  private void charged(Supplier<ChainSide.Nodes> nodes) {
    anvil.mine(NEVER);
    pair = new ChainPair(chain, directory, NEVER, nodes);
    pile = pair.pile;
    pair.open(50_000);
    pair.pay(FIRST);
    pair.pay(BEST);
    pair.disconnect();
  }

  private ChainSide.Nodes one() {
    return ChainSide.Nodes.one(anvil.rpc());
  }

  private ChainSide.Nodes theLiar() {
    return ChainSide.Nodes.one(liar.rpc());
  }

  private ChainSide.Nodes two() {
    RedundantNode both =
        new RedundantNode(
            anvil.rpc(),
            liar.rpc(),
            Duration.ofDays(30),
            Duration.ofMillis(1),
            InstantSource.system(),
            _ -> {});
    return new ChainSide.Nodes(both, both.witnesses());
  }

  private void closeWithTheFirst() {
    pair.closeWith(Optional.of(pile.received.getFirst()));
  }

  private void checkPaidInFull() {
    try (EvmRpc node = anvil.rpc()) {
      OnLedger.Closing closing =
          assertInstanceOf(
              OnLedger.Closing.class,
              chain
                  .contract(node)
                  .onLedger(pile.book().setup(), node.block(BlockRef.LATEST).orElseThrow()));
      assertEquals(new Amount(BEST), closing.paidByA());
    }
    pair.settle();
    assertEquals(BEST, ChainPair.gain(pile));
    assertEquals(-BEST, ChainPair.gain(pair.driver));
  }

  private Optional<EvmReceipt> receipt(OutboxEntry entry) {
    try (EvmRpc node = anvil.rpc()) {
      ByteVector32 hash = entry.attempts().getLast().hash();
      return node.receipt(hash);
    }
  }

  private boolean hasFailed(OutboxEntry entry) {
    return receipt(entry).filter(receipt -> !receipt.success()).isPresent();
  }

  /** The answer comes into a block before the close that it answers. */
  private void failBeforeTheClose() {
    closeWithTheFirst();
    pile.look();
    anvil.mine(1);
    anvil.reorg(2);
    pile.ledger.round();
    anvil.mine(1);
    OutboxEntry answer = answers().getFirst();
    assertTrue(hasFailed(answer), () -> "" + receipt(answer));
  }

  private List<OutboxEntry> answers() {
    return pile.outbox.entries().stream()
        .filter(entry -> entry.intent().key().startsWith("voucher/challenge/"))
        .toList();
  }

  @Test
  void anAnswerThatAReorganisationPutBeforeTheCloseIsGivenAnewAtOnce() {
    charged(this::one);
    failBeforeTheClose();
    closeWithTheFirst();
    pile.look();
    anvil.mine(1);
    assertEquals(2, answers().size());
    checkPaidInFull();
  }

  @Test
  void afterARestartItIsFoundThatItFailed() {
    charged(this::one);
    failBeforeTheClose();
    closeWithTheFirst();
    pile.restart();
    pile.look();
    pile.restart();
    pile.look();
    anvil.mine(1);
    assertEquals(2, answers().size(), "given anew, and once");
    checkPaidInFull();
  }

  @Test
  void whereAReorganisationBringsTheFirstAnswerBackNoThirdIsGiven() {
    charged(this::one);
    failBeforeTheClose();
    closeWithTheFirst();
    pile.look();
    assertEquals(2, answers().size());
    anvil.reorg(2);
    closeWithTheFirst();
    pile.look();
    anvil.mine(1);
    assertFalse(hasFailed(answers().getFirst()), "this time it came behind the close");
    for (int i = 0; i < 5; i++) {
      pile.look();
      anvil.mine(1);
    }
    assertEquals(2, answers().size());
    checkPaidInFull();
  }

  /** The liar says that the channel is being closed, and that a challenge would do. */
  private void inventAClose() {
    var seen = new CopyOnWriteArrayList<JsonValue>();
    liar.tell(
        (method, params, result) -> {
          if (isQuestionForTheChannel(method, params)) {
            seen.add(result);
          }
          return result;
        });
    anvil.mine(1);
    pile.look();
    String text = ((JsonValue.Text) seen.getFirst()).value();
    int state = 2 + 5 * 64 - 1; // the fifth word: 1 is open, 2 closing
    int settleAfter = 2 + 7 * 64;
    JsonValue closing =
        new JsonValue.Text(
            text.substring(0, state)
                + "2"
                + text.substring(state + 1, settleAfter)
                + "%064x".formatted(chain.time() + 7200)
                + text.substring(settleAfter + 64));
    liar.tell(
        (method, params, result) -> isQuestionForTheChannel(method, params) ? closing : result);
    liar.answerAllTheSame(Map.of("eth_estimateGas", new JsonValue.Text("0x20000")));
  }

  private boolean isQuestionForTheChannel(String method, JsonValue params) {
    return method.equals("eth_call") && params.toString().contains(pile.book().id().toString());
  }

  @Test
  void anAnswerThatALiarOrderedBeforeItsTimeKeepsNoneFromBeingGivenInTime() {
    charged(this::two);
    inventAClose();
    for (int i = 0; i < 20; i++) {
      pile.look();
      anvil.mine(1);
    }
    long wasted = answers().size();
    assertTrue(wasted == 1 || wasted == 2, () -> "" + answers());
    assertTrue(answers().stream().allMatch(this::hasFailed), () -> "" + answers());
    liar.tell(LyingNode.Lie.NONE);
    liar.answerAllTheSame(Map.of());
    closeWithTheFirst();
    pile.look();
    assertEquals(wasted + 1, answers().size());
    anvil.mine(1);
    checkPaidInFull();
  }

  @Test
  void aPreimageThatFailedToBecomePublicIsPublishedAnewAtOnce() {
    charged(this::one);
    var errand =
        new VoucherAction.RegisterPreimage(pile.book().setup(), PREIMAGE, chain.time() + 3600);
    checkSentAnew(errand);
    try (EvmRpc node = anvil.rpc()) {
      assertTrue(chain.contract(node).registeredAt(PREIMAGE.sha256(), BlockRef.LATEST).isPresent());
    }
  }

  @Test
  void aSettlementThatFailedIsSentAnewAtOnce() {
    charged(this::one);
    pair.closeWith(Optional.of(pile.received.getLast()));
    pair.passTime(ChainSide.CHALLENGE.plusSeconds(60));
    checkSentAnew(new VoucherAction.Settle(pile.book().setup()));
    assertEquals(BEST, ChainPair.gain(pile));
  }

  private void checkSentAnew(VoucherAction.Errand errand) {
    pile.ledger.carryOut(errand);
    chain.contractRefuses(true);
    anvil.mine(1);
    chain.contractRefuses(false);
    for (int i = 0; i < 3; i++) {
      pile.ledger.carryOut(errand);
      assertEquals(2, pile.outbox.entries().size(), "anew, and once");
    }
    assertTrue(hasFailed(pile.outbox.entries().getFirst()));
    anvil.mine(1);
    pile.ledger.carryOut(errand);
    assertEquals(2, pile.outbox.entries().size());
    assertFalse(hasFailed(pile.outbox.entries().getLast()));
  }

  @Test
  void theOnlyNodeThatInventsACloseDoesNotSpendTheCoinsOfTheAccount() {
    charged(this::theLiar);
    inventAClose();
    for (int i = 0; i < 40; i++) {
      pile.look();
      anvil.mine(1);
    }
    int wasted = answers().size();
    assertTrue(wasted > 0 && wasted <= 3, () -> "" + answers());
  }
}
