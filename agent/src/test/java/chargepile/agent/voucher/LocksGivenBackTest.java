package chargepile.agent.voucher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditional vouchers that are given back, or of which a party takes none. */
class LocksGivenBackTest extends LockedPair {
  @Test
  void whoTakesNoLocksGivesThemBackAtOnce() {
    pair.block(12);
    driver.on(
        new VoucherEvent.Received(
            new LockOffer(
                driver.book().id(),
                signed(700, pair.ledger.time() + 9 * VoucherLedger.MAX_LOCK),
                ByteVector.empty)));
    assertTrue(driver.last(VoucherNotice.HtlcReceived.class).isEmpty());
    assertTrue(driver.book().taken().orElseThrow().failure().isPresent());
    driver.stage(Normal.class);
  }

  private List<ByteVector32> asked(VoucherMachine machine, VoucherPair.Party payee) {
    var view = new VoucherEvent.ChainChanged(pair.ledger.view(payee.book().setup()));
    return machine.on(payee.state, view).actions().stream()
        .filter(VoucherAction.AskPreimage.class::isInstance)
        .map(action -> ((VoucherAction.AskPreimage) action).hashlock())
        .toList();
  }

  @Test
  void whatIsGivenBackIsAskedForOnceItsTimeIsUp() {
    pair.lock(driver, 500, HOUR);
    assertEquals(List.of(PREIMAGE.sha256()), asked(pile.machine, pile));
    pile.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    assertEquals(List.of(), asked(pile.machine, pile));
    pair.ledger.mine(HOUR);
    assertEquals(List.of(PREIMAGE.sha256()), asked(pile.machine, pile));
  }

  @Test
  void whatTheChainHasForGoodIsAskedForNoMore() {
    pair.lock(driver, 500, 3 * HOUR);
    pair.disconnect();
    pair.ledger.send(
        pile.address,
        new VoucherAction.RegisterPreimage(
            pile.book().setup(), PREIMAGE, pair.ledger.time() + HOUR));
    pair.blocks(2);
    assertEquals(List.of(PREIMAGE.sha256()), asked(pile.machine, pile), "it may be undone");
    pair.blocks(2 + VoucherLedger.FINALITY);
    for (VoucherPair.Party party : List.of(driver, pile)) {
      assertEquals(List.of(), asked(party.machine, party), party.name);
    }
    pair.connect();
    pair.run();
    assertPaidOffChain(3500);
  }

  @Test
  void whoTakesNoLocksNeitherKeepsNorAsksForThem() {
    VoucherMachine without = withoutLocks(pile);
    var wanted =
        new VoucherEvent.AddHtlc(
            new Amount(500), PREIMAGE.sha256(), pair.ledger.time() + HOUR, ByteVector.empty);
    LockExchange drivers = new LockExchange(VoucherPair.SIGNER, driver.key);
    LockOffer offer =
        new LockOffer(
            pile.book().id(),
            LockExchange.proof(drivers.offer(driver.book(), wanted)),
            ByteVector.empty);
    pile.state = without.on(pile.state, new VoucherEvent.Received(offer)).next();
    assertTrue(pile.book().taken().isEmpty());
    assertEquals(List.of(), asked(without, pile));
    pair.ledger.mine(HOUR);
    assertEquals(List.of(), asked(without, pile));
    // The answer may have been lost with the link, and is given again.
    var again = without.on(pile.state, new VoucherEvent.Received(offer));
    assertTrue(
        again.actions().stream()
            .anyMatch(
                action ->
                    action instanceof VoucherAction.Send(var messages)
                        && messages.getFirst() instanceof LockFailed),
        again.actions()::toString);
    assertEquals(pile.state, again.next());
  }

  @Test
  void whoTakesNoneAnyMoreForgetsThoseThatItGaveBack() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    VoucherMachine without = withoutLocks(pile);
    assertEquals(List.of(), asked(without, pile));
    var view = new VoucherEvent.ChainChanged(pair.ledger.view(pile.book().setup()));
    assertTrue(without.on(pile.state, view).next().book().orElseThrow().taken().isEmpty());
  }

  private static VoucherMachine withoutLocks(VoucherPair.Party party) {
    VoucherSettings with = VoucherPair.settings();
    return new VoucherMachine(
        new VoucherContext(
            VoucherPair.SIGNER,
            party.key,
            new VoucherSettings(
                with.domain(),
                with.token(),
                with.challengePeriod(),
                with.shortest(),
                with.longest(),
                with.leastDeposit(),
                with.closingTime()),
            true));
  }
}
