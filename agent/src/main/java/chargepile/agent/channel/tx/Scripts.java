package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.OP_0;
import fr.acinq.bitcoin.OP_1;
import fr.acinq.bitcoin.OP_16;
import fr.acinq.bitcoin.OP_2;
import fr.acinq.bitcoin.OP_CHECKLOCKTIMEVERIFY;
import fr.acinq.bitcoin.OP_CHECKMULTISIG;
import fr.acinq.bitcoin.OP_CHECKSEQUENCEVERIFY;
import fr.acinq.bitcoin.OP_CHECKSIG;
import fr.acinq.bitcoin.OP_CHECKSIGVERIFY;
import fr.acinq.bitcoin.OP_DROP;
import fr.acinq.bitcoin.OP_DUP;
import fr.acinq.bitcoin.OP_ELSE;
import fr.acinq.bitcoin.OP_ENDIF;
import fr.acinq.bitcoin.OP_EQUAL;
import fr.acinq.bitcoin.OP_EQUALVERIFY;
import fr.acinq.bitcoin.OP_HASH160;
import fr.acinq.bitcoin.OP_IF;
import fr.acinq.bitcoin.OP_IFDUP;
import fr.acinq.bitcoin.OP_NOTIF;
import fr.acinq.bitcoin.OP_PUSHDATA;
import fr.acinq.bitcoin.OP_SIZE;
import fr.acinq.bitcoin.OP_SWAP;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptElt;
import fr.acinq.bitcoin.TxOut;
import java.util.List;

/** The witness scripts of a commitment's outputs (BOLT 3, anchors). */
final class Scripts {
  private Scripts() {}

  /** {@code to_local}, and the output of an HTLC transaction. */
  static ByteVector toLocal(CommitmentKeys keys, int toSelfDelay) {
    return write(
        List.of(
            OP_IF.INSTANCE,
            new OP_PUSHDATA(keys.revocation()),
            OP_ELSE.INSTANCE,
            number(toSelfDelay),
            OP_CHECKSEQUENCEVERIFY.INSTANCE,
            OP_DROP.INSTANCE,
            new OP_PUSHDATA(keys.localDelayed()),
            OP_ENDIF.INSTANCE,
            OP_CHECKSIG.INSTANCE));
  }

  static ByteVector toRemote(PublicKey remotePayment) {
    return write(
        List.of(
            new OP_PUSHDATA(remotePayment),
            OP_CHECKSIGVERIFY.INSTANCE,
            OP_1.INSTANCE,
            OP_CHECKSEQUENCEVERIFY.INSTANCE));
  }

  static ByteVector anchor(PublicKey funding) {
    return write(
        List.of(
            new OP_PUSHDATA(funding),
            OP_CHECKSIG.INSTANCE,
            OP_IFDUP.INSTANCE,
            OP_NOTIF.INSTANCE,
            OP_16.INSTANCE,
            OP_CHECKSEQUENCEVERIFY.INSTANCE,
            OP_ENDIF.INSTANCE));
  }

  static ByteVector htlc(Htlc htlc, CommitmentKeys keys) {
    return switch (htlc.side()) {
      case OFFERED -> offeredHtlc(htlc, keys);
      case RECEIVED -> receivedHtlc(htlc, keys);
    };
  }

  private static ByteVector offeredHtlc(Htlc htlc, CommitmentKeys keys) {
    return write(
        List.of(
            OP_DUP.INSTANCE,
            OP_HASH160.INSTANCE,
            new OP_PUSHDATA(keys.revocation().hash160()),
            OP_EQUAL.INSTANCE,
            OP_IF.INSTANCE,
            OP_CHECKSIG.INSTANCE,
            OP_ELSE.INSTANCE,
            new OP_PUSHDATA(keys.remoteHtlc()),
            OP_SWAP.INSTANCE,
            OP_SIZE.INSTANCE,
            number(32),
            OP_EQUAL.INSTANCE,
            OP_NOTIF.INSTANCE,
            OP_DROP.INSTANCE,
            OP_2.INSTANCE,
            OP_SWAP.INSTANCE,
            new OP_PUSHDATA(keys.localHtlc()),
            OP_2.INSTANCE,
            OP_CHECKMULTISIG.INSTANCE,
            OP_ELSE.INSTANCE,
            OP_HASH160.INSTANCE,
            new OP_PUSHDATA(Crypto.ripemd160(htlc.paymentHash())),
            OP_EQUALVERIFY.INSTANCE,
            OP_CHECKSIG.INSTANCE,
            OP_ENDIF.INSTANCE,
            OP_1.INSTANCE,
            OP_CHECKSEQUENCEVERIFY.INSTANCE,
            OP_DROP.INSTANCE,
            OP_ENDIF.INSTANCE));
  }

  private static ByteVector receivedHtlc(Htlc htlc, CommitmentKeys keys) {
    return write(
        List.of(
            OP_DUP.INSTANCE,
            OP_HASH160.INSTANCE,
            new OP_PUSHDATA(keys.revocation().hash160()),
            OP_EQUAL.INSTANCE,
            OP_IF.INSTANCE,
            OP_CHECKSIG.INSTANCE,
            OP_ELSE.INSTANCE,
            new OP_PUSHDATA(keys.remoteHtlc()),
            OP_SWAP.INSTANCE,
            OP_SIZE.INSTANCE,
            number(32),
            OP_EQUAL.INSTANCE,
            OP_IF.INSTANCE,
            OP_HASH160.INSTANCE,
            new OP_PUSHDATA(Crypto.ripemd160(htlc.paymentHash())),
            OP_EQUALVERIFY.INSTANCE,
            OP_2.INSTANCE,
            OP_SWAP.INSTANCE,
            new OP_PUSHDATA(keys.localHtlc()),
            OP_2.INSTANCE,
            OP_CHECKMULTISIG.INSTANCE,
            OP_ELSE.INSTANCE,
            OP_DROP.INSTANCE,
            number(htlc.cltvExpiry()),
            OP_CHECKLOCKTIMEVERIFY.INSTANCE,
            OP_DROP.INSTANCE,
            OP_CHECKSIG.INSTANCE,
            OP_ENDIF.INSTANCE,
            OP_1.INSTANCE,
            OP_CHECKSEQUENCEVERIFY.INSTANCE,
            OP_DROP.INSTANCE,
            OP_ENDIF.INSTANCE));
  }

  /** A number pushed in the fewest bytes, as relay policy wants (MINIMALDATA). */
  private static ScriptElt number(long value) {
    if (value == 0) {
      return OP_0.INSTANCE;
    }
    return value <= 16
        ? Script.fromSimpleValue((byte) value)
        : new OP_PUSHDATA(Script.encodeNumber(value));
  }

  static ByteVector write(List<ScriptElt> script) {
    return new ByteVector(Script.write(script));
  }

  /** The P2WSH output script of a witness script. */
  static ByteVector payTo(ByteVector witnessScript) {
    return write(List.of(OP_0.INSTANCE, new OP_PUSHDATA(witnessScript.sha256())));
  }

  static TxOut output(Satoshi amount, ByteVector script) {
    return new TxOut(new fr.acinq.bitcoin.Satoshi(amount.value()), script);
  }
}
