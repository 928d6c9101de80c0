package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever publishes a revoked commitment loses everything (P1-34), unless the other side is away
 * for {@code to_self_delay} blocks. A subclass names the chain and the {@code seeds}.
 */
abstract class BreachContract {
  static final int DELAY = 10;

  private final TwoParties pair;

  /** A contract on a chain that is closed when the test ends. */
  BreachContract(DrivenChain ledger) {
    pair = new TwoParties(ledger, DELAY);
  }

  @AfterEach
  void close() {
    pair.close();
  }

  /** Whether a test may drop transactions from the mempool. */
  boolean evicts() {
    return true;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyOldStateAnyTimeAnyHtlcsAnyFeesEndWithNothingForTheCheat(long seed) {
    Random random = new Random(seed);
    Breach breach = new Breach(pair, random).live();
    Satoshi purse = breach.cheat.wallet.balance();
    breach.publish();
    if (random.nextInt(4) > 0) {
      breach.mineUnseen(random.nextInt(DELAY));
    }
    breach.disturb(evicts());
    Stage.Closed closed = breach.end();
    assertEquals(Outcome.BREACH_REMEDIED, closed.outcome(), () -> closed.reason());
    assertEquals(0, breach.cheat.home().value(), "the cheat's money came home");
    assertTrue(breach.cheat.wallet.balance().compareTo(purse) <= 0, "the cheat's wallet grew");
    assertTrue(
        breach.victim.home().value() >= TwoParties.CAPACITY.value() * 3 / 4,
        () -> "the victim got " + breach.victim.home());
    assertTrue(breach.victim.alerts.stream().anyMatch(text -> text.startsWith("BREACH: ")));
  }

  @Test
  void afterToSelfDelayBlocksTheLossHappensAndIsReported() {
    Breach breach = breachWithoutHtlcs();
    breach.publish().mineUnseen(DELAY);
    Stage.Closed closed = breach.end();
    assertEquals(Outcome.BREACH_LOST, closed.outcome());
    assertTrue(breach.cheat.home().value() > 0);
    String alert =
        breach.victim.alerts.stream()
            .filter(text -> text.startsWith("BREACH LOST: "))
            .findFirst()
            .orElseThrow();
    assertTrue(alert.contains(" sat from channel "), () -> alert);
    assertTrue(alert.contains(DELAY + " blocks"), () -> alert);
  }

  @Test
  void oneBlockLessAndNothingIsLost() {
    Breach breach = breachWithoutHtlcs();
    breach.publish().mineUnseen(DELAY - 1);
    assertEquals(Outcome.BREACH_REMEDIED, breach.end().outcome());
    assertEquals(0, breach.cheat.home().value());
  }

  @Test
  void twoBreachesAtOnceAreBothRemedied() {
    TwoParties second = new TwoParties(pair);
    List<Breach> breaches =
        List.of(new Breach(pair, new Random(7)).live(), new Breach(second, new Random(7)).live());
    breaches.forEach(Breach::publish);
    pair.ledger.mine(1);
    for (int i = 0; i < 4 * DELAY; i++) {
      breaches.forEach(
          breach -> {
            breach.cheat.look();
            breach.victim.look();
          });
      pair.ledger.mine(1);
    }
    for (Breach breach : breaches) {
      assertEquals(Outcome.BREACH_REMEDIED, breach.end().outcome());
      assertEquals(0, breach.cheat.home().value());
    }
  }

  @Test
  void secondStagesThatTheCheatGetsIntoABlockAreTakenToo() {
    pair.open(pair.driver, new Amount(300_000_000));
    ByteVector32 known = ByteVector32.One;
    pair.offer(pair.pile, 50_000, known, 100);
    pair.offer(pair.driver, 60_000, ByteVector32.Zeroes, 1);
    Channel old = pair.driver.stored;
    pair.charge(1000, 20_000_000);
    pair.disconnect();
    pair.driver.stored = old;
    pair.driver.restart();
    pair.driver.on(new ChannelEvent.FulfillHtlc(0, known));
    pair.driver.on(new ChannelEvent.CloseUnilaterally("a cheat"));
    for (int i = 0; i < 5; i++) {
      pair.driver.look();
      pair.ledger.mine(1);
    }
    assertEquals(
        2,
        ((Stage.Closing) pair.driver.state.stage()).settlement().secondStages().size(),
        "both second stages are in blocks");
    for (int i = 0; i < DELAY + TwoParties.FINAL && !isClosed(pair.pile); i++) {
      pair.driver.look();
      pair.pile.look();
      pair.ledger.mine(1);
      pair.pile.look();
    }
    assertEquals(Outcome.BREACH_REMEDIED, ((Stage.Closed) pair.pile.state.stage()).outcome());
    assertEquals(0, pair.driver.home().value());
    assertTrue(pair.pile.home().value() > 980_000, () -> "the victim got " + pair.pile.home());
    assertTrue(
        pair.pile.notices.contains(new ChannelNotice.HtlcFulfilled(0, known)),
        "a preimage shown by the cheat is one all the same");
  }

  @Test
  void anOwnHtlcThatTheRemedyTookBackIsToldOf() {
    pair.open(pair.driver, new Amount(300_000_000));
    pair.offer(pair.pile, 50_000, ByteVector32.One, 100);
    Channel old = pair.driver.stored;
    pair.offer(pair.pile, 40_000, ByteVector32.Zeroes, 100);
    pair.charge(1000, 20_000_000);
    pair.disconnect();
    pair.driver.stored = old;
    pair.driver.restart();
    pair.driver.on(new ChannelEvent.CloseUnilaterally("a cheat"));
    for (int i = 0; i < 2 * DELAY && !isClosed(pair.pile); i++) {
      pair.driver.look();
      pair.pile.look();
      pair.ledger.mine(1);
    }
    assertEquals(Outcome.BREACH_REMEDIED, ((Stage.Closed) pair.pile.state.stage()).outcome());
    assertEquals(
        List.of(0L, 1L),
        pair.pile.notices.stream()
            .filter(ChannelNotice.HtlcFailed.class::isInstance)
            .map(notice -> ((ChannelNotice.HtlcFailed) notice).id())
            .sorted()
            .toList());
  }

  private static boolean isClosed(TwoParties.Party party) {
    return party.state.stage() instanceof Stage.Closed;
  }

  /** The driver cheats, with a balance of its own and no HTLCs. */
  private Breach breachWithoutHtlcs() {
    Random random = new Random(1); // the driver is the cheat, and no update is an HTLC
    return new Breach(pair, random).charged();
  }
}
