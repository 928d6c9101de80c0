package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever publishes a revoked commitment loses everything (P1-34). */
class BreachTest {
  /** Commitment with anchors, and both sweeps; a dust output may go too. */
  private static final long FEES = 9_000;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 64);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyOldCommitmentPublishedAtAnyTimeCostsItsPublisherAll(long seed) {
    Random random = new Random(seed);
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, new Amount(random.nextInt(3) * 100_000_000L));
      var cheat = random.nextInt(3) == 0 ? pair.pile : pair.driver;
      var victim = cheat.other();
      List<Transaction> revoked = history(pair, cheat, random);
      if (random.nextBoolean()) {
        pair.claim(Direction.IMPORT, 1000, 300_000_000);
        for (int i = random.nextInt(4); i > 0; i--) {
          pair.step();
        }
      }
      pair.chain.broadcast(revoked.get(random.nextInt(revoked.size())));
      if (random.nextBoolean()) {
        pair.run(); // the link is up, and both go on
      } else {
        pair.disconnect();
      }
      disturb(pair, victim, random);
      mine(pair, victim, ChannelPair.FINAL + 2);
      assertEquals(
          Outcome.BREACH_REMEDIED,
          assertInstanceOf(Stage.Closed.class, victim.state.stage()).outcome());
      assertTrue(
          victim.home().value() >= ChannelPair.CAPACITY.value() - FEES,
          () -> "the victim got " + victim.home());
      assertEquals(0, cheat.home().value());
      assertTrue(victim.alerts.getFirst().startsWith("BREACH: "), () -> victim.alerts.toString());
    }
  }

  @Test
  void aRemedyStuckWithALowFeeIsRaised() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      Transaction revoked = pair.driver.signedCommitment();
      pair.charge(1000, 20_000_000);
      pair.disconnect();
      pair.chain.broadcast(revoked);
      pair.pile.look();
      Transaction first = pair.chain.mempool().getLast();
      pair.chain.feerate(new Feerate(20_000));
      pair.pile.look();
      Transaction raised = pair.chain.mempool().getLast();
      assertEquals(first.txIn.getFirst().outPoint, raised.txIn.getFirst().outPoint);
      assertTrue(pair.chain.fee(raised).value() > 10 * pair.chain.fee(first).value());
      pair.pile.look();
      assertTrue(
          pair.pile.errands.refusals().isEmpty(), () -> pair.pile.errands.refusals().toString());
    }
  }

  @Test
  void aFeeSpikeDoesNotMakeTheVictimGiveUp() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.charge(1000, 20_000_000);
      pair.disconnect();
      pair.driver.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.chain.feerate(new Feerate(1_000_000));
      pair.mine(ChannelPair.FINAL + 2);
      assertInstanceOf(Stage.Closed.class, pair.pile.state.stage());
      assertEquals(
          (double) 20_000,
          (double) pair.pile.home().value(),
          500,
          "swept at the lowest fee, not left");
    }
  }

  @Test
  void aRevokedCommitmentWithoutAnOutputOfItsPublisherIsRemediedToo() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      Transaction revoked = pair.pile.signedCommitment(); // the pile had nothing yet
      pair.charge(1000, 20_000_000);
      pair.disconnect();
      pair.chain.broadcast(revoked);
      pair.mine(ChannelPair.FINAL + 2);
      assertEquals(
          Outcome.BREACH_REMEDIED,
          assertInstanceOf(Stage.Closed.class, pair.driver.state.stage()).outcome());
      assertTrue(pair.driver.home().value() >= ChannelPair.CAPACITY.value() - FEES);
    }
  }

  /** Some updates; what the cheat could have published before each of them. */
  private static List<Transaction> history(
      ChannelPair pair, ChannelPair.Party cheat, Random random) {
    List<Transaction> revoked = new ArrayList<>();
    long imported = 0;
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      revoked.add(cheat.signedCommitment());
      if (random.nextInt(4) == 0) {
        pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(1000 + random.nextInt(4000))));
      } else {
        imported += 1 + random.nextInt(40_000_000);
        pair.claim(Direction.IMPORT, i, imported);
      }
      pair.run();
    }
    pair.charge(500, imported + 1_000_000);
    return revoked;
  }

  private static void disturb(ChannelPair pair, ChannelPair.Party victim, Random random) {
    for (int i = random.nextInt(4); i > 0; i--) {
      mine(pair, victim, random.nextInt(4));
      int depth = random.nextInt(6);
      if (depth > 0) {
        pair.chain.reorganise(depth);
      }
      if (random.nextBoolean()) {
        victim.restart();
      }
      if (random.nextInt(3) == 0) {
        pair.chain.mempool().stream()
            .filter(transaction -> pays(transaction, victim))
            .findFirst()
            .ifPresent(remedy -> pair.chain.evict(remedy.txid));
      }
      victim.look();
    }
  }

  private static boolean pays(Transaction transaction, ChannelPair.Party party) {
    return transaction.txOut.stream().anyMatch(output -> output.publicKeyScript.equals(party.home));
  }

  private static void mine(ChannelPair pair, ChannelPair.Party victim, int blocks) {
    for (int i = 0; i < blocks; i++) {
      victim.look();
      pair.chain.mine(1);
      victim.look();
    }
  }
}
