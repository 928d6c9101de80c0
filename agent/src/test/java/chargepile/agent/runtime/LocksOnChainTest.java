package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.Anvil;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.SignedLock;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Conditional vouchers on the real contract (P2-17). */
class LocksOnChainTest extends PairOnChain {
  @Test
  void aLockIsHeldOpenedAndRedeemedOnTheChain() {
    pair.open(50_000);
    pair.pay(4000);
    pair.disconnect();
    ByteVector32 preimage = new ByteVector32("5e".repeat(32));
    ByteVector32 hashlock = new ByteVector32(Crypto.sha256(preimage));
    VoucherSetup channel = pile.book().setup();
    long expiry = pair.chain.time() + 5 * 3600;
    var voucher =
        new ConditionalVoucher(
            channel.id(),
            driver.address(),
            new Amount(9000),
            99,
            new ByteVector32("ee".repeat(32)),
            hashlock,
            expiry);
    var lock =
        new SignedLock(
            voucher, channel.domain().sign(TwoNodes.SIGNER, voucher, Anvil.privateKey(0)));
    pile.ledger.carryOut(new VoucherAction.RequestClose(channel, pile.book().received()));
    anvil.mine(1);
    pile.ledger.round();
    var before = said(channel, hashlock);
    assertEquals(Optional.empty(), before.latest());
    pile.ledger.carryOut(new VoucherAction.Hold(channel, lock));
    anvil.mine(1);
    var closing = assertInstanceOf(OnLedger.Closing.class, pile.ledger.view(channel).latest());
    assertEquals(expiry + ChainSide.CHALLENGE.toSeconds(), closing.settleAfter());
    pile.ledger.carryOut(new VoucherAction.RegisterPreimage(channel, preimage, expiry));
    anvil.mine(1);
    assertEquals(preimage, said(channel, hashlock).latest().orElseThrow().preimage());
    assertEquals(Optional.empty(), said(channel, hashlock).finalised());
    anvil.mine(1);
    var after = said(channel, hashlock);
    assertEquals(after.latest(), after.finalised());
    assertTrue(after.finalTime() >= after.latest().orElseThrow().time());
    pile.ledger.carryOut(new VoucherAction.RegisterPreimage(channel, preimage, expiry));
    pile.ledger.carryOut(new VoucherAction.Redeem(channel, lock, preimage));
    pile.ledger.carryOut(new VoucherAction.Redeem(channel, lock, preimage));
    anvil.mine(1);
    assertEquals(
        new Amount(9000),
        assertInstanceOf(OnLedger.Closing.class, pile.ledger.view(channel).latest()).paidByA());
    assertEquals(4, pile.keys().size(), () -> "" + pile.keys());
  }

  private VoucherEvent.PreimageSaid said(VoucherSetup channel, ByteVector32 hashlock) {
    return assertInstanceOf(
        VoucherEvent.PreimageSaid.class,
        pile.ledger.carryOut(new VoucherAction.AskPreimage(channel, hashlock)).orElseThrow());
  }
}
