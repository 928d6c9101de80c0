package chargepile.agent.channel.tx;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.SigHash;
import fr.acinq.bitcoin.SigVersion;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** Digests to sign and signatures as they stand in a witness. */
final class Signatures {
  static final int ALL = SigHash.SIGHASH_ALL;

  /** What a peer signs HTLC transactions with, so that fees can be added (BOLT 3, anchors). */
  static final int SINGLE_ANYONECANPAY = SigHash.SIGHASH_SINGLE | SigHash.SIGHASH_ANYONECANPAY;

  /** Bytes of the largest low-S DER signature with its sighash byte. */
  static final int MAX_SIZE = 72;

  private Signatures() {}

  /** The BIP 143 digest of an input that spends {@code spent} by {@code witnessScript}. */
  static ByteVector32 digest(
      Transaction transaction, int input, TxOut spent, ByteVector witnessScript, int sigHash) {
    return new ByteVector32(
        transaction.hashForSigning(
            input,
            witnessScript.toByteArray(),
            sigHash,
            spent.amount,
            SigVersion.SIGVERSION_WITNESS_V0));
  }

  /** DER (BIP 66) with the sighash byte. */
  static ByteVector encode(ByteVector64 compact, int sigHash) {
    byte[] r = integer(compact.take(32).toByteArray());
    byte[] s = integer(compact.drop(32).toByteArray());
    var der = new ByteArrayOutputStream(MAX_SIZE);
    der.write(0x30);
    der.write(r.length + s.length);
    der.writeBytes(r);
    der.writeBytes(s);
    der.write(sigHash);
    return new ByteVector(der.toByteArray());
  }

  /** A DER integer: no leading zeros but the one that keeps it positive. */
  private static byte[] integer(byte[] unsigned) {
    byte[] value = new BigInteger(1, unsigned).toByteArray();
    byte[] encoded = new byte[value.length + 2];
    encoded[0] = 0x02;
    encoded[1] = (byte) value.length;
    System.arraycopy(value, 0, encoded, 2, value.length);
    return encoded;
  }
}
