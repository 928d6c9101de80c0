package chargepile.agent.chain.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainContract;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedChainTest extends ChainContract {
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final EmbeddedChain chain = new EmbeddedChain(() -> now, Runnable::run);

  @Override
  protected Chain chain() {
    return chain;
  }

  @Override
  protected void mine(int blocks) {
    chain.mine(blocks);
  }

  @Override
  protected void mineWith(List<Transaction> transactions) {
    chain.mineWith(transactions);
  }

  @Override
  protected Transaction mineTo(ByteVector script) {
    chain.mine(1, script);
    return chain.block(chain.tip()).orElseThrow().tx.getFirst();
  }

  @Override
  protected OutPoint fund(ByteVector script, Satoshi amount) {
    return chain.fund(script, amount);
  }

  @Override
  protected void reorganise(int depth, List<List<Transaction>> branch) {
    chain.reorganise(depth, branch);
  }

  @Test
  void blocksAreRealOnes() {
    chain.broadcast(alice.spend(fundAlice(), COIN, bob.output(COIN - FEE)));
    chain.mine(1);
    Block previous = chain.block(new BlockHeight(0)).orElseThrow();
    assertEquals(chain.genesis(), previous.hash);

    for (int height = 1; height <= chain.tip().value(); height++) {
      Block block = chain.block(new BlockHeight(height)).orElseThrow();
      assertEquals(previous.hash, block.header.hashPreviousBlock);
      assertTrue(block.checkProofOfWork());
      Block.validate(Block.read(Block.write(block)));
      previous = block;
    }
    assertEquals(Optional.empty(), chain.block(chain.tip().plus(1)));
  }

  @Test
  void feesGoToTheMiner() {
    OutPoint coin = fundAlice();
    chain.broadcast(alice.spend(coin, COIN, bob.output(COIN - FEE)));

    long reward = mineTo(alice.script()).txOut.getFirst().amount.toLong();

    assertEquals(5_000_000_000L + FEE, reward);
    assertEquals(chain.issued(), chain.supply());
  }

  @Test
  void theFaucetPaysTheAmountAndSaysWhenItCannot() {
    Satoshi before = chain.supply();
    OutPoint coin = chain.fund(alice.script(), new Satoshi(COIN));

    assertEquals(alice.output(COIN), chain.unspent(coin).orElseThrow());
    assertEquals(new Satoshi(COIN), chain.balance(alice.script()));
    assertEquals(before.plus(new Satoshi(5_000_000_000L)), chain.supply());
    assertThrows(
        ChainException.class, () -> chain.fund(alice.script(), new Satoshi(1_000_000_000_000L)));
  }

  @Test
  void balanceAndUnspentCountTheMempool() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN / 2), alice.output(COIN / 2 - FEE));
    chain.broadcast(spend);

    assertEquals(Optional.empty(), chain.unspent(coin));
    assertEquals(spend.txOut.get(1), chain.unspent(new OutPoint(spend, 1)).orElseThrow());
    assertEquals(new Satoshi(COIN / 2 - FEE), chain.balance(alice.script()));
    assertEquals(new Satoshi(COIN / 2), chain.balance(bob.script()));
    assertEquals(new Satoshi(FEE), chain.fee(spend));
    assertEquals(List.of(spend), chain.mempool());
    assertEquals(spend, chain.transaction(spend.txid).orElseThrow());
    chain.mine(1);
    assertEquals(List.of(), chain.mempool());
    assertEquals(new Satoshi(COIN / 2), chain.balance(bob.script()));
    assertEquals(new Satoshi(FEE), chain.fee(spend));
  }

  @Test
  void theFeerateOfTheViewCanBeSet() {
    chain.feerate(new Feerate(12_345));

    assertEquals(new Feerate(12_345), chain.view(Set.of(), Set.of()).feerate());
  }

  @Test
  void anEvictedTransactionIsGoneWithItsChildrenAndMayComeBack() {
    Transaction parent = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    Transaction child =
        bob.spend(new OutPoint(parent, 0), COIN - FEE, alice.output(COIN - 2 * FEE));
    chain.broadcast(parent);
    chain.broadcast(child);

    chain.evict(parent.txid);

    assertEquals(List.of(), chain.mempool());
    chain.broadcast(parent);
    assertEquals(List.of(parent), chain.mempool());
  }

  @Test
  void aBlockMayHoldWhatPolicyRefuses() {
    Transaction dustAndNoFee =
        alice.spend(fundAlice(), COIN, bob.output(1), alice.output(COIN - 1));
    assertThrows(RejectedException.class, () -> chain.broadcast(dustAndNoFee));

    chain.mineWith(List.of(dustAndNoFee));

    assertEquals(new Satoshi(1), chain.balance(bob.script()));
  }

  @Test
  void aBlockThatBreaksConsensusIsRefusedAndChangesNothing() {
    OutPoint coin = fundAlice();
    Transaction good = alice.spend(coin, COIN, bob.output(COIN - FEE));
    Transaction again = alice.spend(coin, COIN, alice.output(COIN - FEE));
    Block tip = chain.block(chain.tip()).orElseThrow();

    assertInvalid("bad-txns-inputs-missingorspent", List.of(good, again));
    assertInvalid("mandatory-script-verify-flag-failed", List.of(bob.spend(coin, COIN)));
    assertInvalid("bad-txns-in-belowout", List.of(alice.spend(coin, COIN, alice.output(COIN + 1))));
    assertInvalid(
        "non-BIP68-final", List.of(alice.sign(Purse.unsigned(coin, 9, 0, bob.output(COIN)), COIN)));

    assertEquals(tip, chain.block(chain.tip()).orElseThrow());
    assertEquals(new Satoshi(COIN), chain.balance(alice.script()));
    assertThrows(
        RejectedException.class,
        () -> chain.reorganise(1, List.of(List.of(), List.of(good, again))));
    assertEquals(tip, chain.block(chain.tip()).orElseThrow());
    assertEquals(new Satoshi(COIN), chain.balance(alice.script()));
  }

  private void assertInvalid(String word, List<Transaction> transactions) {
    List<Transaction> complete =
        transactions.stream()
            .map(tx -> tx.txOut.isEmpty() ? tx.updateOutputs(List.of(bob.output(COIN))) : tx)
            .toList();
    RejectedException refusal =
        assertThrows(RejectedException.class, () -> chain.mineWith(complete));
    assertTrue(String.valueOf(refusal.getMessage()).contains(word), refusal.getMessage());
  }

  @Test
  void aTransactionOfABlockMayPrecedeItsChildInIt() {
    Transaction parent = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    Transaction child =
        bob.spend(new OutPoint(parent, 0), COIN - FEE, alice.output(COIN - 2 * FEE));

    assertInvalid("bad-txns-inputs-missingorspent", List.of(child, parent));
    chain.mineWith(List.of(parent, child));
    assertEquals(new Satoshi(COIN - 2 * FEE), chain.balance(alice.script()));

    chain.reorganise(1);
    assertEquals(List.of(parent, child), chain.mempool());
    assertEquals(chain.issued(), chain.supply());
  }

  @Test
  void aBranchMustBeLongerThanWhatItReplaces() {
    assertThrows(
        IllegalArgumentException.class, () -> chain.reorganise(2, List.of(List.of(), List.of())));
    assertThrows(IllegalArgumentException.class, () -> chain.reorganise(0));
    assertThrows(IllegalArgumentException.class, () -> chain.reorganise(1000));
  }

  @Test
  void aReorganisationGivesOtherBlocks() {
    fundAlice();
    BlockHeight height = chain.tip();
    Block before = chain.block(height).orElseThrow();

    chain.reorganise(1);

    assertNotEquals(before.hash, chain.block(height).orElseThrow().hash);
    assertFalse(chain.mempool().isEmpty());
  }

  @Test
  void aLocktimeInSecondsWaitsForTheMedianTimeOfTheBlocks() {
    OutPoint coin = fundAlice();
    long lockTime = now.getEpochSecond() + 3600;
    Transaction spend =
        alice.sign(Purse.unsigned(coin, Purse.NO_DELAY, lockTime, bob.output(COIN - FEE)), COIN);

    now = now.plus(Duration.ofHours(2));
    mine(5);
    assertRefused("non-final", spend);
    mine(1);
    chain.broadcast(spend);
  }

  @Test
  void aRelativeLocktimeInSecondsWaitsForTheMedianTimeOfTheBlocks() {
    OutPoint coin = fundAlice();
    long twoUnits = (1L << 22) | 2;
    Transaction spend = alice.sign(Purse.unsigned(coin, twoUnits, 0, bob.output(COIN - FEE)), COIN);

    now = now.plus(Duration.ofHours(2));
    mine(5);
    assertRefused("non-BIP68-final", spend);
    mine(1);
    chain.broadcast(spend);
  }

  @Test
  void listenersAreCalledInTheirOrderAfterEachChangeAndMayAskTheChain() throws Exception {
    List<String> calls = new ArrayList<>();
    OutPoint coin = fundAlice();
    try (AutoCloseable first = chain.onChange(() -> calls.add("first at " + height()));
        AutoCloseable second = chain.onChange(() -> calls.add("second at " + height()))) {
      int height = height();
      chain.broadcast(alice.spend(coin, COIN, bob.output(COIN - FEE)));
      chain.mine(1);
      chain.reorganise(1);
      assertEquals(
          List.of(
              "first at " + height,
              "second at " + height,
              "first at " + (height + 1),
              "second at " + (height + 1),
              "first at " + (height + 2),
              "second at " + (height + 2)),
          calls);
    }
    calls.clear();
    chain.mine(1);
    assertEquals(List.of(), calls);
  }

  @Test
  void whatChangesNothingCallsNobody() {
    Transaction spend = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    List<Integer> calls = new ArrayList<>();
    chain.onChange(() -> calls.add(1));

    chain.broadcast(spend);
    chain.evict(new OutPoint(spend, 0).txid);
    chain.evict(spend.txid);

    assertEquals(1, calls.size());
  }

  @Test
  void aListenerThatFailsDoesNotKeepTheOthersFromHearing() {
    List<Integer> calls = new ArrayList<>();
    chain.onChange(
        () -> {
          throw new IllegalStateException("a listener's own fault");
        });
    chain.onChange(() -> calls.add(1));

    chain.mine(1);

    assertEquals(1, calls.size());
  }

  @Test
  void aTimerMinesBlocksUntilItIsClosed() throws Exception {
    CountDownLatch blocks = new CountDownLatch(2);
    try (EmbeddedChain timed = new EmbeddedChain()) {
      int before = timed.tip().value();
      timed.onChange(blocks::countDown);
      try (AutoCloseable timer = timed.mineEvery(Duration.ofMillis(1))) {
        assertTrue(blocks.await(30, TimeUnit.SECONDS));
      }
      assertTrue(timed.tip().value() >= before + 2);
    }
  }

  @Test
  void threadsMayShareTheChain() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Purse purse = Purse.named("thread " + i);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int round = 0; round < 5; round++) {
                      OutPoint coin = chain.fund(purse.script(), new Satoshi(COIN));
                      chain.broadcast(purse.spend(coin, COIN, bob.output(COIN - FEE)));
                      chain.mine(1);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(new Satoshi(20 * (COIN - FEE)), chain.balance(bob.script()));
    assertEquals(chain.issued(), chain.supply());
  }

  private int height() {
    return chain.tip().value();
  }
}
