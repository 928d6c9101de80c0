package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A driver and a pile with a channel, in which something was paid: for tests of locks. */
abstract class LockedPair {
  static final ByteVector32 PREIMAGE = VoucherStates.PREIMAGE;
  static final ByteVector32 WRONG = new ByteVector32("77".repeat(32));
  static final long HOUR = 3600;

  final VoucherPair pair = new VoucherPair();
  final VoucherPair.Party driver = pair.driver;
  final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void charged() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
  }

  void fulfil(VoucherPair.Party payee) {
    payee.on(new VoucherEvent.FulfillHtlc(payee.book().taken().orElseThrow().id(), PREIMAGE));
  }

  void assertPaidOffChain(long paid) {
    for (VoucherPair.Party party : List.of(driver, pile)) {
      assertEquals(new Amount(paid), party.book().paidBy(Party.A), party.name);
      assertTrue(party.book().offered().isEmpty(), party.name);
      assertTrue(party.book().taken().isEmpty(), party.name);
      assertTrue(party.alerts.isEmpty(), party.alerts::toString);
      assertTrue(party.stage(Normal.class).closing().isEmpty());
    }
  }

  void lose(boolean really) {
    if (really) {
      pair.connect();
      pair.run();
    } else {
      pair.deliver(driver);
      pair.deliver(pile);
    }
  }

  /** As the pile would sign it, were it to break the rules. */
  LockProof signed(long amount, long expiry) {
    VoucherBook book = pile.book();
    var wanted =
        new VoucherEvent.AddHtlc(new Amount(amount), PREIMAGE.sha256(), expiry, ByteVector.empty);
    return LockExchange.proof(new LockExchange(VoucherPair.SIGNER, pile.key).offer(book, wanted));
  }
}
