package chargepile.agent.channel.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.Bolt3Vectors;
import chargepile.agent.crypto.Bolt3Vectors.Node;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** BOLT 3, appendix F: commitments and HTLC transactions with anchors, signatures and all. */
class CommitmentVectorsTest {
  private static final Signer SIGNER = Signer.best();

  @Test
  void thereAreNineAnchorsVectors() {
    long count =
        Bolt3Vectors.category("commitment_tx").stream()
            .filter(CommitmentVectorsTest::isOurs)
            .count();
    assertEquals(9, count);
  }

  @TestFactory
  Stream<DynamicTest> reproducesEveryAnchorsVector() {
    return Bolt3Vectors.tests(
        "commitment_tx", CommitmentVectorsTest::isOurs, CommitmentVectorsTest::check);
  }

  /** The others are of formats without anchors, or with HTLC transactions that pay a fee. */
  private static boolean isOurs(Node vector) {
    return vector.text("variant").equals("anchors");
  }

  private static void check(Node vector) {
    Node in = vector.get("inputs");
    Node expected = vector.get("expected");
    CommitmentTransaction commitment = commitment(in);
    assertEquals(in.get("keys").text("local_htlcpubkey"), commitment.keys().localHtlc().toHex());
    assertEquals(
        in.get("keys").text("local_revocation_pubkey"), commitment.keys().revocation().toHex());
    assertEquals(
        in.get("keys").text("local_delayedpubkey"), commitment.keys().localDelayed().toHex());

    ByteVector32 digest = commitment.fundingDigest();
    ByteVector64 local = SIGNER.sign(digest, in.get("keys").privateKey("local_funding_privkey"));
    ByteVector64 remote = SIGNER.sign(digest, in.get("keys").privateKey("remote_funding_privkey"));
    assertEquals(expected.text("local_signature_der"), der(local));
    assertEquals(expected.text("remote_signature_der"), der(remote));
    Transaction signed = commitment.signed(local, remote);
    assertEquals(expected.text("commitment_tx_hex"), hex(signed));
    assertEquals(
        in.number("commitment_number"),
        CommitmentTransaction.numberOf(signed, commitment.params().obscuringFactor()));
    signed.correctlySpends(
        Map.of(
            commitment.params().fundingOutPoint(),
            Scripts.output(
                commitment.params().capacity(),
                FundingScript.outputScript(
                    commitment.params().ownerFunding(), commitment.params().otherFunding()))),
        ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
    checkHtlcs(in, expected, commitment);
  }

  private static void checkHtlcs(Node in, Node expected, CommitmentTransaction commitment) {
    List<HtlcTransaction> htlcs = commitment.htlcTransactions();
    List<Node> wanted = expected.get("htlc_txs").elements().toList();
    assertEquals(wanted.size(), htlcs.size());
    for (int i = 0; i < wanted.size(); i++) {
      Node want = wanted.get(i);
      HtlcTransaction htlc = htlcs.get(i);
      assertEquals(want.number("commitment_output_index"), htlc.spent().index());
      assertEquals(want.number("htlc_index"), htlc.spent().htlc().id());
      assertEquals(want.number("remote_sighash"), HtlcTransaction.REMOTE_SIGHASH);
      ByteVector64 local =
          SIGNER.sign(
              htlc.digest(HtlcTransaction.LOCAL_SIGHASH),
              in.get("keys").privateKey("local_privkey"));
      ByteVector64 remote =
          SIGNER.sign(
              htlc.digest(HtlcTransaction.REMOTE_SIGHASH),
              in.get("keys").privateKey("remote_privkey"));
      assertEquals(want.text("local_signature_der"), der(local));
      assertEquals(want.text("remote_signature_der"), der(remote));
      Transaction signed =
          switch (htlc.spent().htlc().side()) {
            case OFFERED -> htlc.signedTimeout(remote, local);
            case RECEIVED -> htlc.signedSuccess(remote, local, preimage(in, htlc));
          };
      assertEquals(want.text("tx_hex"), hex(signed));
      signed.correctlySpends(
          List.of(commitment.transaction()), ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
    }
  }

  private static CommitmentTransaction commitment(Node in) {
    Node keys = in.get("keys");
    PublicKey localPayment = keys.publicKey("local_payment_basepoint");
    PublicKey remotePayment = keys.publicKey("remote_payment_basepoint");
    Basepoints local =
        new Basepoints(
            keys.publicKey("local_funding_pubkey"),
            // The owner's own revocation basepoint does not occur in its commitments.
            localPayment,
            localPayment,
            keys.publicKey("local_delayed_payment_basepoint"),
            keys.publicKey("local_htlc_basepoint"));
    Basepoints remote =
        new Basepoints(
            keys.publicKey("remote_funding_pubkey"),
            keys.publicKey("remote_revocation_basepoint"),
            remotePayment,
            remotePayment,
            keys.publicKey("remote_htlc_basepoint"));
    long obscuringFactor = CommitmentParams.obscuringFactor(localPayment, remotePayment);
    assertEquals(in.number("obscuring_factor"), obscuringFactor);
    var params =
        new CommitmentParams(
            new OutPoint(new TxId(in.bytes32("funding_tx_id")), in.number("funding_output_index")),
            new Satoshi(in.number("funding_amount_satoshi")),
            local.funding(),
            remote.funding(),
            new Satoshi(in.number("local_dust_limit_satoshi")),
            (int) in.number("local_delay"),
            Boolean.parseBoolean(in.text("local_is_opener")),
            obscuringFactor);
    var spec =
        new CommitmentSpec(
            new Feerate(in.number("local_feerate_per_kw")),
            new Amount(in.number("to_local_msat")),
            new Amount(in.number("to_remote_msat")),
            in.get("htlcs").elements().map(CommitmentVectorsTest::htlc).toList());
    return CommitmentTransaction.build(
        params,
        CommitmentKeys.of(local, remote, keys.publicKey("local_per_commitment_point"), SIGNER),
        spec,
        in.number("commitment_number"));
  }

  private static Htlc htlc(Node htlc) {
    return new Htlc(
        htlc.text("direction").equals("local->remote") ? HtlcSide.OFFERED : HtlcSide.RECEIVED,
        htlc.number("index"),
        new Amount(htlc.number("amount_msat")),
        htlc.bytes32("payment_hash"),
        htlc.number("cltv_expiry"));
  }

  private static ByteVector32 preimage(Node in, HtlcTransaction htlc) {
    return in.get("htlcs")
        .elements()
        .filter(candidate -> candidate.number("index") == htlc.spent().htlc().id())
        .findFirst()
        .orElseThrow()
        .bytes32("payment_preimage");
  }

  private static String der(ByteVector64 signature) {
    return Signatures.encode(signature, Signatures.ALL).dropRight(1).toHex();
  }

  private static String hex(Transaction transaction) {
    return new ByteVector(Transaction.write(transaction)).toHex();
  }
}
