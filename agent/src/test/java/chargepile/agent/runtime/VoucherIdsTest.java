package chargepile.agent.runtime;

import static chargepile.agent.runtime.StoredPile.PAST;
import static chargepile.agent.runtime.StoredPile.SETUP;
import static chargepile.agent.runtime.StoredPile.opening;
import static chargepile.agent.runtime.StoredPile.proof;
import static chargepile.agent.runtime.StoredPile.takingUp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What strangers and former drivers say about channels, of which the pile's store has known some:
 * the store would refuse numbers that go back, and the node would stop.
 */
class VoucherIdsTest {
  private static final PublicKey DRIVER = StoredPile.node("driver");

  @TempDir Path folder;
  private StoredPile pile;

  @BeforeEach
  void start() {
    pile = new StoredPile(folder);
  }

  @AfterEach
  void stop() {
    pile.close();
  }

  /** The pile as it was when the past channel was settled. */
  private void settled() {
    stands(new VoucherStage.Closed(VoucherOutcome.COOPERATIVE_CLOSE, "test", Optional.of(PAST)));
  }

  private void stands(VoucherStage stage) {
    pile.stands(DRIVER, stage);
    pile.connect("driver");
  }

  @Test
  void aChannelIsNotOpenedUnderTheIdOfAFormerOne() {
    settled();
    pile.hear(DRIVER, opening(SETUP.a(), SETUP.openNonce()));
    VoucherError error = assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertTrue(error.text().contains("opened before"), error::text);
    assertEquals(PaymentLeg.Life.CLOSED, pile.leg(DRIVER).life());
  }

  @Test
  void norByAnotherNodeWithTheSameAccount() {
    settled();
    PublicKey other = pile.connect("the driver's other node");
    pile.hear(other, opening(SETUP.a(), SETUP.openNonce()));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(other).life());
  }

  @Test
  void anOpeningThatIsRefusedLeavesTheFormerChannelAsItIs() {
    settled();
    pile.hear(DRIVER, opening(SETUP.a(), SETUP.openNonce() + 1, SETUP.a()));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertEquals(PAST.received(), pile.book(DRIVER).received());
    pile.hear(DRIVER, takingUp(SETUP));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertEquals(PaymentLeg.Life.CLOSED, pile.leg(DRIVER).life());
  }

  @Test
  void aChannelThatTheStoreKnowsIsNotTakenForLost() {
    settled();
    PublicKey other = pile.connect("the driver's other node");
    pile.hear(other, takingUp(SETUP));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(other).life());
  }

  @Test
  void anotherOneTakesItsPlaceOnceItIsAgreedTo() {
    settled();
    pile.hear(DRIVER, opening(SETUP.a(), SETUP.openNonce() + 1));
    assertInstanceOf(AcceptVoucherChannel.class, pile.said.getFirst());
    assertEquals(PaymentLeg.Life.OPENING, pile.leg(DRIVER).life());
    assertNotEquals(SETUP.id().value(), pile.leg(DRIVER).id().orElseThrow().value());
  }

  /** A cheat that sees it shows a larger voucher of its own, with a lower number. */
  @Test
  void whatALostStoreIsShownCanBeStored() {
    stands(new VoucherStage.Normal(PAST, Optional.empty()));
    long known = PAST.received().orElseThrow().voucher().seq();
    assertTrue(known > 1);
    pile.hear(
        DRIVER,
        new VoucherReestablish(
            SETUP.id(),
            SETUP.a(),
            SETUP.b(),
            SETUP.openNonce(),
            SETUP.challengePeriod(),
            Optional.of(voucher(SETUP.a(), 0xd1, 40_000, 1)),
            Optional.of(voucher(SETUP.b(), 0xb1, 9_000, 99))));
    VoucherBook book = pile.book(DRIVER);
    assertEquals(99, book.sent().orElseThrow().voucher().seq());
    assertEquals(known, book.received().orElseThrow().voucher().seq());
    assertEquals("DataLost", pile.leg(DRIVER).title());
  }

  private static Proof voucher(EvmAddress payer, int key, long cumulative, long seq) {
    return proof(
        new Voucher(SETUP.id(), payer, new Amount(cumulative), seq, ByteVector32.One), key);
  }
}
