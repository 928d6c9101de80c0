package chargepile.agent.channel.tx;

import static chargepile.agent.channel.tx.Channel.OFFERED;
import static chargepile.agent.channel.tx.Channel.PREIMAGE;
import static chargepile.agent.channel.tx.Channel.RECEIVED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtlcTransactionTest {
  private final Channel channel = new Channel();
  private final CommitmentTransaction commitment = channel.commitment(OFFERED, RECEIVED);
  private final HtlcTransaction timeout = of(HtlcSide.OFFERED);
  private final HtlcTransaction success = of(HtlcSide.RECEIVED);

  private HtlcTransaction of(HtlcSide side) {
    return commitment.htlcTransactions().stream()
        .filter(htlc -> htlc.spent().htlc().side() == side)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void bothAreValid() {
    Channel.verify(channel.signed(timeout), commitment.transaction());
    Channel.verify(channel.signed(success), commitment.transaction());
  }

  @Test
  void theTimeoutWaitsForItsHeight() {
    Transaction signed = channel.signed(timeout);
    assertEquals(OFFERED.cltvExpiry(), signed.lockTime);
    assertEquals(0, channel.signed(success).lockTime);
    assertEquals(1, signed.txIn.getFirst().sequence);
  }

  @Test
  void paysNoFee() {
    assertEquals(0, Channel.fee(channel.signed(timeout), commitment.transaction()));
    assertEquals(0, Channel.fee(channel.signed(success), commitment.transaction()));
  }

  @Test
  void aFeeCanBeAddedUnderThePeersSignature() {
    // The peer signed with SIGHASH_SINGLE|ANYONECANPAY: one more input and output, signed anew by
    // the owner, leave its signature valid.
    Transaction other = channel.commitment(RECEIVED).transaction();
    HtlcTransaction second = channel.commitment(RECEIVED).htlcTransactions().getFirst();
    Transaction joined =
        success
            .transaction()
            .addInput(second.transaction().txIn.getFirst())
            .addOutput(second.transaction().txOut.getFirst());
    for (int i = 0; i < 2; i++) {
      HtlcTransaction part = List.of(success, second).get(i);
      ByteVector64 remote =
          Channel.SIGNER.sign(part.digest(HtlcTransaction.REMOTE_SIGHASH), channel.otherHtlcKey());
      ByteVector32 digest =
          Signatures.digest(
              joined, i, part.spent().output(), part.spent().witnessScript(), Signatures.ALL);
      ByteVector64 local = Channel.SIGNER.sign(digest, channel.ownerHtlcKey());
      joined =
          joined.updateWitness(
              i, part.signedSuccess(remote, local, PREIMAGE).txIn.getFirst().witness);
    }
    Channel.verify(joined, commitment.transaction(), other);
  }

  @Test
  void refusesTheWrongKindAndTheWrongPreimage() {
    ByteVector64 any = ByteVector64.Zeroes;
    assertThrows(IllegalArgumentException.class, () -> timeout.signedSuccess(any, any, PREIMAGE));
    assertThrows(IllegalArgumentException.class, () -> success.signedTimeout(any, any));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> success.signedSuccess(any, any, ByteVector32.One));
    assertTrue(e.toString().contains("preimage"));
  }
}
