package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherClosingSigned;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherShutdown;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that breaks the rules gains nothing: its message does not count, and the channel ends. */
class HostileVoucherPeerTest {
  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void charged() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
  }

  private Voucher due() {
    var claim = VoucherPair.claim(IMPORT, 2_000_000, 6000);
    pile.on(new VoucherEvent.ClaimEnergy(claim));
    return new Voucher(
        pile.book().id(),
        driver.address,
        new Amount(6000),
        2,
        VoucherExchange.evidence(pile.book().id(), claim));
  }

  private static Proof proof(Voucher voucher, Domain domain, int key) {
    EvmSignature signature = domain.sign(VoucherPair.SIGNER, voucher, VoucherPair.key(key));
    return new Proof(voucher.cumulative(), voucher.seq(), voucher.evidence(), signature);
  }

  private void pileRefuses(Function<Voucher, Proof> answer, String reason) {
    Proof proof = answer.apply(due());
    pile.on(new VoucherEvent.Received(new VoucherGiven(pile.book().id(), proof)));
    assertBroken(reason);
  }

  private void assertBroken(String reason) {
    assertTrue(pile.alerts.getLast().contains(reason), pile.alerts::toString);
    pile.stage(Closing.class);
    assertEquals(new Amount(3000), pile.book().paidBy(Party.A));
    driver.actsOnChain = false;
    pair.block();
    pair.settle();
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aVoucherOfAnotherKeyIsRefused() {
    pileRefuses(voucher -> proof(voucher, VoucherPair.DOMAIN, 0xbad), "is not signed by");
  }

  @Test
  void aVoucherForAnotherChainIsRefused() {
    pileRefuses(
        voucher -> proof(voucher, new Domain(1, VoucherPair.DOMAIN.contract()), 0xd1),
        "is not signed by");
  }

  @Test
  void aVoucherForAnotherContractIsRefused() {
    pileRefuses(
        voucher -> proof(voucher, new Domain(31337, VoucherPair.TOKEN), 0xd1), "is not signed by");
  }

  @Test
  void aVoucherForAnotherChannelIsRefused() {
    pileRefuses(
        voucher ->
            proof(
                new Voucher(
                    new VoucherChannelId(ByteVector32.One),
                    voucher.payer(),
                    voucher.cumulative(),
                    voucher.seq(),
                    voucher.evidence()),
                VoucherPair.DOMAIN,
                0xd1),
        "is not signed by");
  }

  @Test
  void aSignatureOfAnotherTypeIsNoVoucher() {
    pileRefuses(
        voucher -> {
          var close = new CooperativeClose(voucher.channel(), Amount.ZERO, voucher.cumulative(), 2);
          EvmSignature signature =
              VoucherPair.DOMAIN.sign(VoucherPair.SIGNER, close, VoucherPair.key(0xd1));
          return new Proof(voucher.cumulative(), voucher.seq(), voucher.evidence(), signature);
        },
        "is not signed by");
  }

  @Test
  void aVoucherOverLessThanTheClaimIsRefused() {
    pileRefuses(voucher -> proof(changed(voucher, 5999, 2), VoucherPair.DOMAIN, 0xd1), "5,999");
  }

  @Test
  void aVoucherOverMoreThanTheClaimIsRefused() {
    pileRefuses(voucher -> proof(changed(voucher, 6001, 2), VoucherPair.DOMAIN, 0xd1), "6,001");
  }

  @Test
  void aVoucherWithAnotherNumberIsRefused() {
    pileRefuses(voucher -> proof(changed(voucher, 6000, 3), VoucherPair.DOMAIN, 0xd1), "voucher 3");
  }

  @Test
  void aVoucherForAnotherClaimIsRefused() {
    pileRefuses(
        voucher ->
            proof(
                new Voucher(
                    voucher.channel(),
                    voucher.payer(),
                    voucher.cumulative(),
                    voucher.seq(),
                    ByteVector32.One),
                VoucherPair.DOMAIN,
                0xd1),
        "for another claim");
  }

  @Test
  void aVoucherThatNobodyAskedForIsRefused() {
    pile.on(
        new VoucherEvent.Received(
            new VoucherGiven(
                pile.book().id(), VoucherExchange.proof(pile.book().received().orElseThrow()))));
    assertBroken("nobody asked for");
  }

  @Test
  void onlyTheMeteringSideClaims() {
    pile.on(
        new VoucherEvent.Received(
            new VoucherRequest(
                pile.book().id(), VoucherPair.claim(EXPORT, 1, 1), Optional.empty())));
    assertBroken("does not meter");
  }

  @Test
  void aClaimThatThePilePaysMustBearItsVoucher() {
    driver.on(
        new VoucherEvent.Received(
            new VoucherRequest(
                pile.book().id(), VoucherPair.claim(EXPORT, 1_000, 100), Optional.empty())));
    driver.stage(Closing.class);
    assertTrue(driver.alerts.getLast().contains("bears no voucher"));
  }

  @Test
  void aClaimBeyondTheBalanceIsNotPaid() {
    driver.on(
        new VoucherEvent.Received(
            new VoucherRequest(
                pile.book().id(), VoucherPair.claim(IMPORT, 9_000_000, 50_001), Optional.empty())));
    assertTrue(driver.stage(Normal.class).closing().isPresent());
    assertEquals(new Amount(3000), driver.book().paidBy(Party.A));
  }

  @Test
  void lastPaymentsThatShortenTheOtherSideAreNotSigned() {
    pile.on(new VoucherEvent.Received(new VoucherShutdown(pile.book().id(), "")));
    var close =
        new CooperativeClose(
            pile.book().id(), new Amount(2_999), Amount.ZERO, VoucherLedger.GENESIS + 999);
    pile.on(new VoucherEvent.Received(signed(close, 0xd1)));
    assertBroken("leave 2,999 units to this side, due are 3,000");
  }

  @Test
  void lastPaymentsThatTakeBackAreNotSigned() {
    pile.on(new VoucherEvent.Received(new VoucherShutdown(pile.book().id(), "")));
    var close =
        new CooperativeClose(
            pile.book().id(), new Amount(3_000), new Amount(1), VoucherLedger.GENESIS + 999);
    pile.on(new VoucherEvent.Received(signed(close, 0xd1)));
    assertBroken("leave 2,999 units to this side, due are 3,000");
  }

  @Test
  void lastPaymentsOfSomebodyElseAreNotSigned() {
    pile.on(new VoucherEvent.Received(new VoucherShutdown(pile.book().id(), "")));
    var close =
        new CooperativeClose(
            pile.book().id(), new Amount(3_000), Amount.ZERO, VoucherLedger.GENESIS + 999);
    pile.on(new VoucherEvent.Received(signed(close, 0xbad)));
    assertBroken("the last payments are not signed by");
  }

  @Test
  void aForgedProofOfDataLossProvesNothing() {
    pair.connect();
    Voucher forged =
        new Voucher(pile.book().id(), pile.address, new Amount(40_000), 9, ByteVector32.One);
    pile.on(
        new VoucherEvent.Received(
            reestablish(
                pile.book().received().map(VoucherExchange::proof),
                Optional.of(proof(forged, VoucherPair.DOMAIN, 0xd1)))));
    assertBroken("is not signed by");
  }

  @Test
  void twoVouchersWithOneNumberEndTheChannelWithTheOneThatIsHeld() {
    pair.connect();
    Voucher other = changed(pile.book().received().orElseThrow().voucher(), 10, 1);
    pile.on(
        new VoucherEvent.Received(
            reestablish(Optional.of(proof(other, VoucherPair.DOMAIN, 0xd1)), Optional.empty())));
    assertBroken("two vouchers with the number 1");
  }

  @Test
  void messagesForAnotherChannelDoNothing() {
    VoucherChannel before = pile.state;
    VoucherChannelId other = new VoucherChannelId(ByteVector32.One);
    for (VoucherMessage message :
        new VoucherMessage[] {
          new VoucherShutdown(other, ""),
          new VoucherMessage.VoucherChannelReady(other, Amount.ZERO, Amount.ZERO),
          new VoucherMessage.VoucherError(Optional.of(other), "go")
        }) {
      pile.on(new VoucherEvent.Received(message));
      assertEquals(before, pile.state);
    }
  }

  private VoucherReestablish reestablish(Optional<Proof> sent, Optional<Proof> received) {
    VoucherSetup setup = pile.book().setup();
    return new VoucherReestablish(
        setup.id(),
        setup.a(),
        setup.b(),
        setup.openNonce(),
        setup.challengePeriod(),
        sent,
        received);
  }

  private static Voucher changed(Voucher voucher, long cumulative, long seq) {
    return new Voucher(
        voucher.channel(), voucher.payer(), new Amount(cumulative), seq, voucher.evidence());
  }

  private static VoucherClosingSigned signed(CooperativeClose close, int key) {
    return new VoucherClosingSigned(
        close.channel(),
        close.paidByA(),
        close.paidByB(),
        close.deadline(),
        VoucherPair.DOMAIN.sign(VoucherPair.SIGNER, close, VoucherPair.key(key)));
  }
}
