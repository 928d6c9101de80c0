package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.List;
import java.util.Map;

/** A channel between an owner of commitments (the funder) and the other side, for the tests. */
final class Channel {
  static final Signer SIGNER = Signer.best();
  static final Satoshi CAPACITY = new Satoshi(1_000_000);
  static final Satoshi DUST = new Satoshi(354);
  static final int DELAY = 50;
  static final long NUMBER = 7;
  static final Feerate FEERATE = new Feerate(1000);
  static final OutPoint FUNDING = new OutPoint(new TxId(new ByteVector32("f0".repeat(32))), 1);

  /** P2WPKH of a wallet. */
  static final ByteVector WALLET = new ByteVector("0014" + "77".repeat(20));

  static final ByteVector32 PREIMAGE = new ByteVector32("0b".repeat(32));

  final ChannelKeys owner = ChannelKeys.derive(new ByteVector32("01".repeat(32)), 0);
  final ChannelKeys other = ChannelKeys.derive(new ByteVector32("02".repeat(32)), 0);
  final Basepoints ownerPoints = owner.basepoints(SIGNER);
  final Basepoints otherPoints = other.basepoints(SIGNER);
  final PublicKey point = owner.perCommitmentPoint(NUMBER, SIGNER);
  final CommitmentKeys keys = CommitmentKeys.of(ownerPoints, otherPoints, point, SIGNER);
  final CommitmentParams params =
      new CommitmentParams(
          FUNDING,
          CAPACITY,
          ownerPoints.funding(),
          otherPoints.funding(),
          DUST,
          DELAY,
          true,
          CommitmentParams.obscuringFactor(ownerPoints.payment(), otherPoints.payment()));

  static final Htlc OFFERED = htlc(HtlcSide.OFFERED, 0, 50_000, 600);
  static final Htlc RECEIVED = htlc(HtlcSide.RECEIVED, 0, 60_000, 700);

  static Htlc htlc(HtlcSide side, long id, long satoshi, long expiry) {
    return new Htlc(side, id, new Amount(satoshi * 1000), PREIMAGE.sha256(), expiry);
  }

  /** Balances of 500,000 and the rest, with these HTLCs. */
  static CommitmentSpec spec(Htlc... htlcs) {
    long locked = List.of(htlcs).stream().mapToLong(htlc -> htlc.amount().value()).sum();
    Amount rest = new Amount(CAPACITY.toAmount().value() - 500_000_000 - locked);
    return new CommitmentSpec(FEERATE, new Amount(500_000_000), rest, List.of(htlcs));
  }

  CommitmentTransaction commitment(Htlc... htlcs) {
    return CommitmentTransaction.build(params, keys, spec(htlcs), NUMBER);
  }

  Transaction signed(CommitmentTransaction commitment) {
    ByteVector32 digest = commitment.fundingDigest();
    return commitment.signed(
        SIGNER.sign(digest, owner.funding()), SIGNER.sign(digest, other.funding()));
  }

  /** The second stage of an HTLC, signed by both. */
  Transaction signed(HtlcTransaction htlc) {
    ByteVector64 remote = SIGNER.sign(htlc.digest(HtlcTransaction.REMOTE_SIGHASH), otherHtlcKey());
    ByteVector64 local = SIGNER.sign(htlc.digest(HtlcTransaction.LOCAL_SIGHASH), ownerHtlcKey());
    return switch (htlc.spent().htlc().side()) {
      case OFFERED -> htlc.signedTimeout(remote, local);
      case RECEIVED -> htlc.signedSuccess(remote, local, PREIMAGE);
    };
  }

  PrivateKey ownerDelayedKey() {
    return KeyDerivation.derivePrivateKey(owner.delayedBase(), point, SIGNER);
  }

  PrivateKey ownerHtlcKey() {
    return KeyDerivation.derivePrivateKey(owner.htlcBase(), point, SIGNER);
  }

  PrivateKey otherHtlcKey() {
    return KeyDerivation.derivePrivateKey(other.htlcBase(), point, SIGNER);
  }

  /** What the other side can compute once the owner has revealed the commitment's secret. */
  PrivateKey revocationKey() {
    return KeyDerivation.revocationPrivateKey(
        other.revocationBase(), owner.perCommitmentSecret(NUMBER), SIGNER);
  }

  static Map<OutPoint, TxOut> fundingOutput() {
    return Map.of(
        FUNDING,
        Scripts.output(
            CAPACITY,
            FundingScript.outputScript(
                new Channel().ownerPoints.funding(), new Channel().otherPoints.funding())));
  }

  /** Runs all scripts with all of a node's relay rules; throws when one fails. */
  static void verify(Transaction transaction, Transaction... parents) {
    transaction.correctlySpends(List.of(parents), ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
  }

  /** The same transaction with another sequence in its first input. */
  static Transaction withSequence(Transaction transaction, long sequence) {
    var input = transaction.txIn.getFirst();
    return transaction.updateInputs(
        List.of(new TxIn(input.outPoint, input.signatureScript, sequence, input.witness)));
  }

  static long fee(Transaction transaction, Transaction... parents) {
    long in = 0;
    for (var input : transaction.txIn) {
      for (Transaction parent : parents) {
        if (parent.txid.equals(input.outPoint.txid)) {
          in += parent.txOut.get((int) input.outPoint.index).amount.toLong();
        }
      }
    }
    return in - transaction.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
  }
}
