package chargepile.agent.channel.tx;

import static chargepile.agent.channel.tx.Channel.CAPACITY;
import static chargepile.agent.channel.tx.Channel.DUST;
import static chargepile.agent.channel.tx.Channel.WALLET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTransactionTest {
  private static final ByteVector PEER = new ByteVector("0020" + "66".repeat(32));
  private static final Satoshi FEE = new Satoshi(500);
  private final Channel channel = new Channel();

  private ClosingTransaction close(long local, long remote, boolean localPaysFee) {
    return ClosingTransaction.build(
        Channel.FUNDING,
        CAPACITY,
        channel.ownerPoints.funding(),
        channel.otherPoints.funding(),
        new Satoshi(local),
        WALLET,
        new Satoshi(remote),
        PEER,
        localPaysFee,
        FEE,
        DUST);
  }

  private Transaction signed(ClosingTransaction closing) {
    ByteVector32 digest = closing.digest();
    return closing.signed(
        Channel.SIGNER.sign(digest, channel.owner.funding()),
        Channel.SIGNER.sign(digest, channel.other.funding()));
  }

  @Test
  void bothSignaturesSpendTheFunding() {
    signed(close(600_000, 400_000, true))
        .correctlySpends(Channel.fundingOutput(), ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
  }

  @Test
  void theFunderPaysTheFee() {
    assertEquals(List.of(400_000L, 599_500L), amounts(close(600_000, 400_000, true)));
    assertEquals(List.of(399_500L, 600_000L), amounts(close(600_000, 400_000, false)));
  }

  @Test
  void bothSidesBuildTheSame() {
    ClosingTransaction mirrored =
        ClosingTransaction.build(
            Channel.FUNDING,
            CAPACITY,
            channel.otherPoints.funding(),
            channel.ownerPoints.funding(),
            new Satoshi(400_000),
            PEER,
            new Satoshi(600_000),
            WALLET,
            false,
            FEE,
            DUST);
    assertEquals(close(600_000, 400_000, true).digest(), mirrored.digest());
  }

  @Test
  void equalAmountsAreInOrderOfTheirScripts() {
    List<ByteVector> scripts =
        close(500_250, 499_750, true).transaction().txOut.stream()
            .map(output -> output.publicKeyScript)
            .toList();
    assertEquals(List.of(WALLET, PEER), scripts);
  }

  @Test
  void dustGoesToTheFee() {
    assertEquals(List.of(999_300L), amounts(close(999_800, 200, true)));
    assertEquals(List.of(999_500L), amounts(close(500, 999_500, true)));
  }

  @Test
  void weighsAtMostTheEstimate() {
    int estimate = ClosingTransaction.weight(WALLET, PEER);
    int weight = signed(close(600_000, 400_000, true)).weight();
    assertTrue(weight <= estimate && weight >= estimate - 6, weight + " of " + estimate);
  }

  @Test
  void isFinal() {
    Transaction transaction = close(600_000, 400_000, true).transaction();
    assertEquals(0, transaction.lockTime);
    assertEquals(0xffffffffL, transaction.txIn.getFirst().sequence);
  }

  @Test
  void refusesWhatDoesNotAddUp() {
    assertThrows(IllegalArgumentException.class, () -> close(600_000, 400_001, true));
    assertThrows(IllegalArgumentException.class, () -> close(499, 999_501, true));
    assertThrows(IllegalArgumentException.class, () -> close(600, 300, true));
  }

  private static List<Long> amounts(ClosingTransaction closing) {
    return closing.transaction().txOut.stream().map(output -> output.amount.toLong()).toList();
  }
}
