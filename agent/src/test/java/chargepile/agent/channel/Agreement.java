package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.units.Amount;
import java.util.Set;
import java.util.stream.Collectors;

/** What two sides hold of one channel when nothing is under way. */
final class Agreement {
  private Agreement() {}

  static void assertAgreed(TwoParties pair) {
    Commitments pile = pair.pile.commitments();
    Commitments driver = pair.driver.commitments();
    assertEquals(pile.local().number(), driver.remote().number());
    assertEquals(driver.local().number(), pile.remote().number());
    assertEquals(pile.local().allocation(), driver.remote().allocation());
    assertEquals(driver.local().allocation(), pile.remote().allocation());
    CommitmentSpec ofPile = pile.local().allocation().spec();
    CommitmentSpec ofDriver = driver.local().allocation().spec();
    assertEquals(ofPile.toLocal(), ofDriver.toRemote());
    assertEquals(ofPile.toRemote(), ofDriver.toLocal());
    assertEquals(
        Set.copyOf(ofPile.htlcs()),
        ofDriver.htlcs().stream().map(Htlc::seenByOther).collect(Collectors.toSet()));
    assertEquals(pile.local().allocation().session(), driver.local().allocation().session());
    assertWhole(pile);
    assertWhole(driver);
  }

  /** Balances and HTLCs of every commitment add up to the capacity; nothing outlives its HTLC. */
  static void assertWhole(Commitments now) {
    Amount capacity = now.setup().capacity().toAmount();
    assertEquals(capacity, sum(now.local().allocation().spec()));
    assertEquals(capacity, sum(now.remote().allocation().spec()));
    now.remoteNext()
        .ifPresent(next -> assertEquals(capacity, sum(next.commit().allocation().spec())));
    assertTrue(
        now.preimages().stream().allMatch(known -> now.htlcs().anyMatch(h -> h.isPaidBy(known))),
        "a preimage is kept for an HTLC that is in no commitment");
  }

  static Amount sum(CommitmentSpec spec) {
    return spec.htlcs().stream()
        .map(Htlc::amount)
        .reduce(spec.toLocal().plus(spec.toRemote()), Amount::plus);
  }
}
