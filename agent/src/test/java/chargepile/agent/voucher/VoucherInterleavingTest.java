package chargepile.agent.voucher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.voucher.VoucherStage.Closed;
import fr.acinq.bitcoin.ByteVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/**
 * Two sides over a link that breaks at any moment, dying between any two actions, on a chain that
 * loses transactions and undoes blocks. Whatever happens in whatever order: no number is signed
 * twice, no money comes or goes, and who looks at the chain within the challenge period gets all
 * that the vouchers it stored are worth.
 */
class VoucherInterleavingTest {
  private static final int STEPS = 120;

  /** A run of chance, from one seed. */
  private static final class Run {
    final VoucherPair pair = new VoucherPair();
    final Random random;
    final List<byte[]> olderOfDriver = new ArrayList<>();
    long energy;
    long nonce = 7;

    Run(long seed) {
      random = new Random(seed);
    }

    VoucherPair.Party any() {
      return random.nextBoolean() ? pair.driver : pair.pile;
    }

    void steps() {
      if (random.nextInt(4) > 0) {
        pair.open(pair.driver, 50_000);
      }
      for (int i = 0; i < STEPS; i++) {
        step();
        assertWhole();
      }
    }

    private void step() {
      olderOfDriver.add(pair.driver.stored);
      switch (random.nextInt(25)) {
        case 0 -> pair.connect();
        case 1 -> pair.disconnect();
        case 2 -> pair.block();
        case 3 -> {
          pair.ledger.dropTransactions();
          pair.block();
        }
        case 4 -> {
          pair.ledger.undo(1 + random.nextInt(2));
          pair.block();
        }
        case 5 -> any().diesAfter = random.nextInt(4);
        case 6 -> any().die();
        case 7 -> any().on(new VoucherEvent.Deposit(new Amount(1 + random.nextInt(80_000))));
        case 8, 9, 10, 11 -> claim();
        case 12, 13 -> lock();
        case 14 -> answerLock(any());
        case 15 -> pair.block(random.nextInt(3) * 200L);
        case 16 -> {
          pair.ledger.mine(random.nextInt(3) * 200L);
          any().look(); // what it asks then is answered later
        }
        default -> {
          if (!pair.linked && random.nextInt(3) == 0) {
            pair.connect();
          }
          open();
          pair.deliver(any());
        }
      }
    }

    private void lock() {
      any()
          .on(
              new VoucherEvent.AddHtlc(
                  new Amount(1 + random.nextInt(3000)),
                  VoucherStates.PREIMAGE.sha256(),
                  pair.ledger.time() + 1300 + random.nextInt(3000),
                  ByteVector.empty));
    }

    private void answerLock(VoucherPair.Party payee) {
      payee
          .state
          .book()
          .flatMap(VoucherBook::taken)
          .ifPresent(
              lock ->
                  payee.on(
                      random.nextInt(4) == 0
                          ? new VoucherEvent.FailHtlc(lock.id(), ByteVector.empty)
                          : new VoucherEvent.FulfillHtlc(lock.id(), VoucherStates.PREIMAGE)));
    }

    /** Until nothing can come of any lock. */
    void locksEnd() {
      for (int i = 0; i < 18; i++) {
        pair.block(300);
      }
      pair.blocks(1 + VoucherLedger.FINALITY);
    }

    /** Opens as long as there is no channel, as a wallet would. */
    private void open() {
      if (pair.driver.state.stage() instanceof Closed closed
          && closed.outcome() == VoucherOutcome.ABANDONED) {
        pair.driver.state =
            new VoucherChannel(pair.driver.state.link(), VoucherChannel.NEW.stage());
      }
      if (pair.driver.state.stage() instanceof VoucherStage.Absent) {
        if (!pair.linked) {
          pair.connect();
        }
        pair.pile.on(new VoucherEvent.Superseded());
        if (pair.pile.state.stage() instanceof Closed) {
          pair.pile.state = new VoucherChannel(pair.pile.state.link(), VoucherChannel.NEW.stage());
        }
        pair.driver.on(new VoucherEvent.Open(nonce++, new Amount(50_000)));
      }
    }

    private void claim() {
      energy += random.nextInt(2_000_000) - 300_000;
      energy = Math.max(0, energy);
      Direction direction = random.nextInt(3) == 0 ? Direction.EXPORT : Direction.IMPORT;
      pair.pile.on(
          new VoucherEvent.ClaimEnergy(VoucherPair.claim(direction, energy, energy / 300)));
    }

    private void assertWhole() {
      assertEquals(2 * VoucherPair.MONEY, pair.ledger.money(), "money comes and goes");
      for (VoucherPair.Party party : List.of(pair.driver, pair.pile)) {
        party
            .state
            .book()
            .filter(book -> !book.isSuspended())
            .ifPresent(
                book ->
                    assertTrue(
                        VoucherExchange.isCovered(book, book.paidBy(book.setup().own().other())),
                        "what was taken is covered"));
      }
    }

    /** Long enough for every challenge period, with nothing lost any more. */
    void ends() {
      for (int i = 0; i < 4; i++) {
        pair.settle();
      }
      locksEnd();
    }

    void assertPaid(VoucherPair.Party party) {
      VoucherBook book = party.book();
      long start = VoucherPair.MONEY - book.deposits().of(book.setup().own()).value();
      assertTrue(
          pair.ledger.balance(party.address) >= start + party.due().value(),
          () ->
              "%s has %d, due are %d and %s; %s"
                  .formatted(
                      party.name,
                      pair.ledger.balance(party.address),
                      start,
                      party.due(),
                      party.state));
    }

    boolean hasChannel() {
      return pair.driver.state.stage() instanceof VoucherStage.Normal
          && pair.pile.state.stage() instanceof VoucherStage.Normal;
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void twoHonestSidesAgreeInTheEndAndCloseTogether(@ForAll long seed) {
    Run run = new Run(seed);
    VoucherPair pair = run.pair;
    run.steps();
    pair.driver.diesAfter = -1;
    pair.pile.diesAfter = -1;
    pair.connect();
    pair.run();
    pair.blocks(2 + VoucherLedger.FINALITY);
    run.locksEnd();
    if (!run.hasChannel()) {
      return;
    }
    Statistics.label("a lock was paid")
        .collect(pair.pile.won.size() + pair.driver.won.size() > 0)
        .coverage(runs -> runs.check(true).percentage(share -> share > 30));
    for (VoucherPair.Party party : List.of(pair.driver, pair.pile)) {
      assertTrue(party.book().offered().isEmpty(), () -> "still locked: " + party.state);
      assertTrue(party.book().taken().isEmpty(), () -> "still locked: " + party.state);
    }
    Statistics.label("money moved")
        .collect(pair.pile.book().paidBy(Party.A).value() > 0)
        .coverage(runs -> runs.check(true).percentage(share -> share > 30));
    SessionTotals totals = pair.driver.standing().paid(VoucherPair.SESSION);
    assertEquals(pair.pile.standing().paid(VoucherPair.SESSION), totals);
    assertEquals(pair.driver.book().payouts(), pair.pile.book().payouts());
    for (Direction direction : Direction.values()) {
      assertEquals(
          pair.driver.standing().spendable(direction), pair.pile.standing().spendable(direction));
    }
    run.any().on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(2 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pair.pile.stage(Closed.class).outcome());
    assertEquals(
        2 * VoucherPair.MONEY,
        pair.ledger.balance(pair.driver.address) + pair.ledger.balance(pair.pile.address));
    run.assertPaid(pair.driver);
    run.assertPaid(pair.pile);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whoeverClosesAtAnyMomentBothGetWhatIsTheirs(@ForAll long seed) {
    Run run = new Run(seed);
    run.steps();
    run.any().on(new VoucherEvent.CloseUnilaterally("test"));
    for (int i = 0; i < 20; i++) {
      switch (run.random.nextInt(4)) {
        case 0 -> run.any().die();
        case 1 -> run.pair.ledger.dropTransactions();
        case 2 -> run.pair.ledger.undo(1);
        default -> run.pair.block();
      }
    }
    run.ends();
    for (VoucherPair.Party party : List.of(run.pair.driver, run.pair.pile)) {
      if (party.state.stage() instanceof Closed closed && closed.last().isPresent()) {
        run.assertPaid(party);
      }
    }
    assertEquals(2 * VoucherPair.MONEY, run.pair.ledger.money());
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void aCheatWhoClosesWithAnyOldVoucherGainsNothing(@ForAll long seed) {
    Run run = new Run(seed);
    VoucherPair pair = run.pair;
    run.steps();
    if (!run.hasChannel()) {
      return;
    }
    VoucherPair.Party cheat = run.any();
    Statistics.label("vouchers to choose from")
        .collect(pair.pile.received.size() + pair.driver.received.size() > 2)
        .coverage(runs -> runs.check(true).percentage(share -> share > 30));
    cheat.actsOnChain = false;
    pair.disconnect();
    List<SignedVoucher> old = new ArrayList<>(pair.driver.received);
    old.addAll(pair.pile.received);
    old.removeIf(voucher -> voucher.voucher().cumulative().equals(Amount.ZERO)); // takes no effect
    Optional<SignedVoucher> presented =
        old.isEmpty() || run.random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(old.get(run.random.nextInt(old.size())));
    var request = new VoucherAction.RequestClose(cheat.book().setup(), presented);
    pair.ledger.send(cheat.address, request);
    for (int i = 0; i < 20; i++) {
      switch (run.random.nextInt(4)) {
        case 0 -> cheat.peer().die();
        case 1 -> pair.block();
        case 2 -> {
          if (run.random.nextInt(3) == 0) {
            pair.ledger.dropTransactions();
          }
        }
        default -> pair.ledger.undo(1);
      }
    }
    pair.ledger.send(cheat.address, request); // it may have been undone
    run.ends();
    run.assertPaid(cheat.peer());
  }

  /** Even an honest side from an old backup takes nothing from the other. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void aSideThatComesBackFromAnOldStoreHarmsNobodyElse(@ForAll long seed) {
    Run run = new Run(seed);
    VoucherPair pair = run.pair;
    run.steps();
    if (!run.hasChannel()) {
      return;
    }
    pair.driver.stored = run.olderOfDriver.get(run.random.nextInt(run.olderOfDriver.size()));
    pair.driver.signed.clear();
    pair.driver.locked.clear();
    pair.driver.won.clear();
    pair.driver.die();
    pair.connect();
    pair.run();
    for (int i = 0; i < 5; i++) {
      run.claim();
      pair.run();
      pair.block();
    }
    pair.pile.on(new VoucherEvent.CloseUnilaterally("test"));
    run.ends();
    if (pair.pile.state.stage() instanceof Closed closed && closed.last().isPresent()) {
      run.assertPaid(pair.pile);
    }
    assertEquals(2 * VoucherPair.MONEY, pair.ledger.money());
  }

  /** The pile's registration was undone, and its next view came only after the lock's expiry. */
  @Test
  void anUndoneRegistrationLosesNoLockBeforeTheNextView() {
    aSideThatComesBackFromAnOldStoreHarmsNobodyElse(47_085);
  }
}
