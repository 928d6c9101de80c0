package chargepile.agent.channel.tx;

import static chargepile.agent.channel.tx.Channel.FEERATE;
import static chargepile.agent.channel.tx.Channel.OFFERED;
import static chargepile.agent.channel.tx.Channel.PREIMAGE;
import static chargepile.agent.channel.tx.Channel.RECEIVED;
import static chargepile.agent.channel.tx.Channel.SIGNER;
import static chargepile.agent.channel.tx.Channel.WALLET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.tx.CommitmentOutput.HtlcOutput;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Transaction;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepTest {
  private final Channel channel = new Channel();
  private final CommitmentTransaction commitment = channel.commitment(OFFERED, RECEIVED);
  private final Transaction published = channel.signed(commitment);

  private HtlcOutput output(HtlcSide side) {
    return commitment.htlcOutputs().stream()
        .filter(output -> output.htlc().side() == side)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theOwnerGetsItsBalanceAfterTheDelay() {
    Transaction sweep =
        Sweep.toLocal(commitment, channel.ownerDelayedKey(), WALLET, FEERATE, SIGNER).orElseThrow();
    assertEquals(Channel.DELAY, sweep.txIn.getFirst().sequence);
    Channel.verify(sweep, published);
    assertFee(sweep);
  }

  @Test
  void notABlockEarlier() {
    CommitmentParams sooner =
        new CommitmentParams(
            Channel.FUNDING,
            Channel.CAPACITY,
            channel.params.ownerFunding(),
            channel.params.otherFunding(),
            Channel.DUST,
            Channel.DELAY - 1,
            true,
            channel.params.obscuringFactor());
    // Same outputs and script, but a sequence of one block less.
    var impatient =
        new CommitmentTransaction(
            commitment.transaction(),
            sooner,
            commitment.keys(),
            commitment.spec(),
            commitment.number(),
            commitment.outputs());
    Transaction sweep =
        Sweep.toLocal(impatient, channel.ownerDelayedKey(), WALLET, FEERATE, SIGNER).orElseThrow();
    assertEquals(Channel.DELAY - 1, sweep.txIn.getFirst().sequence);
    assertThrows(RuntimeException.class, () -> Channel.verify(sweep, published));
  }

  @Test
  void onlyWithTheDerivedKey() {
    Transaction sweep =
        Sweep.toLocal(commitment, channel.owner.delayedBase(), WALLET, FEERATE, SIGNER)
            .orElseThrow();
    assertThrows(RuntimeException.class, () -> Channel.verify(sweep, published));
  }

  @Test
  void theOtherSideGetsItsBalanceAfterOneBlock() {
    Transaction sweep =
        Sweep.toRemote(commitment, channel.other.paymentBase(), WALLET, FEERATE, SIGNER)
            .orElseThrow();
    assertEquals(1, sweep.txIn.getFirst().sequence);
    Channel.verify(sweep, published);
    assertFee(sweep);
    assertThrows(
        RuntimeException.class, () -> Channel.verify(Channel.withSequence(sweep, 0), published));
  }

  @Test
  void theOwnerGetsItsHtlcsFromTheSecondStage() {
    for (HtlcTransaction htlc : commitment.htlcTransactions()) {
      Transaction second = channel.signed(htlc);
      Transaction sweep =
          Sweep.htlcDelayed(commitment, second, channel.ownerDelayedKey(), WALLET, FEERATE, SIGNER)
              .orElseThrow();
      assertEquals(Channel.DELAY, sweep.txIn.getFirst().sequence);
      Channel.verify(sweep, second);
    }
  }

  @Test
  void theOtherSideTakesAnOfferedHtlcByItsPreimage() {
    Transaction sweep =
        Sweep.htlcByPreimage(
                commitment,
                output(HtlcSide.OFFERED),
                PREIMAGE,
                channel.otherHtlcKey(),
                WALLET,
                FEERATE,
                SIGNER)
            .orElseThrow();
    Channel.verify(sweep, published);
    assertFee(sweep);
  }

  @Test
  void theOtherSideTakesItsHtlcBackAfterTheTimeout() {
    Transaction sweep =
        Sweep.htlcByTimeout(
                commitment,
                output(HtlcSide.RECEIVED),
                channel.otherHtlcKey(),
                WALLET,
                FEERATE,
                SIGNER)
            .orElseThrow();
    assertEquals(RECEIVED.cltvExpiry(), sweep.lockTime);
    Channel.verify(sweep, published);
    assertFee(sweep);
  }

  @Test
  void refusesTheWrongKindAndTheWrongPreimage() {
    assertThrows(
        IllegalArgumentException.class, () -> byPreimage(output(HtlcSide.RECEIVED), PREIMAGE));
    assertThrows(
        IllegalArgumentException.class,
        () -> byPreimage(output(HtlcSide.OFFERED), ByteVector32.One));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Sweep.htlcByTimeout(
                commitment,
                output(HtlcSide.OFFERED),
                channel.otherHtlcKey(),
                WALLET,
                FEERATE,
                SIGNER));
  }

  @Test
  void leavesWhatIsNotWorthItsFee() {
    Feerate high = new Feerate(2_000_000);
    assertEquals(
        Optional.empty(),
        Sweep.toLocal(commitment, channel.ownerDelayedKey(), WALLET, high, SIGNER));
    assertEquals(
        Optional.empty(),
        Sweep.htlcDelayed(
            commitment, published, channel.ownerDelayedKey(), WALLET, FEERATE, SIGNER));
  }

  private Optional<Transaction> byPreimage(HtlcOutput output, ByteVector32 preimage) {
    return Sweep.htlcByPreimage(
        commitment, output, preimage, channel.otherHtlcKey(), WALLET, FEERATE, SIGNER);
  }

  /** At least the feerate asked for, and not more than a signature's few bytes above it. */
  private void assertFee(Transaction sweep) {
    long fee = Channel.fee(sweep, published);
    long wanted = FEERATE.fee(sweep.weight()).value();
    assertTrue(fee >= wanted && fee <= wanted + 4, fee + " for " + wanted);
    assertEquals(WALLET, sweep.txOut.getFirst().publicKeyScript);
  }
}
