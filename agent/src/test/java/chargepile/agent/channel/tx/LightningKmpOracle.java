package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Basepoints;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Satoshi;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.lightning.CltvExpiry;
import fr.acinq.lightning.CltvExpiryDelta;
import fr.acinq.lightning.MilliSatoshi;
import fr.acinq.lightning.blockchain.fee.FeeratePerKw;
import fr.acinq.lightning.transactions.DirectedHtlc;
import fr.acinq.lightning.transactions.IncomingHtlc;
import fr.acinq.lightning.transactions.OutgoingHtlc;
import fr.acinq.lightning.transactions.Transactions;
import fr.acinq.lightning.wire.OnionRoutingPacket;
import fr.acinq.lightning.wire.TlvStream;
import fr.acinq.lightning.wire.UpdateAddHtlc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commitments as lightning-kmp builds them, with HTLC transactions of no fee. */
final class LightningKmpOracle {
  private static final Transactions KMP = Transactions.INSTANCE;
  private static final OnionRoutingPacket NO_ONION =
      new OnionRoutingPacket(
          0,
          new ByteVector(new byte[33]),
          new ByteVector(new byte[OnionRoutingPacket.PaymentPacketLength]),
          ByteVector32.Zeroes);

  private final CommitmentParams params;
  private final CommitmentKeys keys;
  private final Basepoints owner;
  private final Basepoints other;

  LightningKmpOracle(
      CommitmentParams params, CommitmentKeys keys, Basepoints owner, Basepoints other) {
    this.params = params;
    this.keys = keys;
    this.owner = owner;
    this.other = other;
  }

  record Result(Transaction commitment, List<Transaction> htlcs) {}

  Result commitment(CommitmentSpec spec, long number) {
    var dust = new Satoshi(params.ownerDustLimit().value());
    var delay = new CltvExpiryDelta(params.toSelfDelay());
    var outputs =
        KMP.makeCommitTxOutputs(
            params.ownerFunding(),
            params.otherFunding(),
            params.ownerIsFunder(),
            dust,
            keys.revocation(),
            delay,
            keys.localDelayed(),
            keys.remotePayment(),
            keys.localHtlc(),
            keys.remoteHtlc(),
            translate(spec));
    Transaction commitment =
        KMP.makeCommitTx(
                funding(),
                number,
                owner.payment(),
                other.payment(),
                params.ownerIsFunder(),
                outputs)
            .getTx();
    List<Transaction> htlcs =
        KMP
            .makeHtlcTxs(
                commitment,
                dust,
                keys.revocation(),
                delay,
                keys.localDelayed(),
                feerate(new Feerate(0)),
                outputs)
            .stream()
            .map(Transactions.TransactionWithInputInfo::getTx)
            .toList();
    return new Result(commitment, htlcs);
  }

  Transaction closing(
      CommitmentSpec spec,
      ByteVector ownerScript,
      ByteVector otherScript,
      chargepile.agent.units.Satoshi fee) {
    return KMP.makeClosingTx(
            funding(),
            ownerScript.toByteArray(),
            otherScript.toByteArray(),
            params.ownerIsFunder(),
            new Satoshi(params.ownerDustLimit().value()),
            new Satoshi(fee.value()),
            translate(spec))
        .getTx();
  }

  private Transactions.InputInfo funding() {
    ByteVector redeemScript =
        FundingScript.redeemScript(params.ownerFunding(), params.otherFunding());
    return new Transactions.InputInfo(
        params.fundingOutPoint(),
        Scripts.output(params.capacity(), Scripts.payTo(redeemScript)),
        redeemScript);
  }

  private static fr.acinq.lightning.transactions.CommitmentSpec translate(CommitmentSpec spec) {
    Set<DirectedHtlc> htlcs = new HashSet<>();
    spec.htlcs().forEach(htlc -> htlcs.add(translate(htlc)));
    return new fr.acinq.lightning.transactions.CommitmentSpec(
        htlcs, feerate(spec.feerate()), msat(spec.toLocal()), msat(spec.toRemote()));
  }

  private static DirectedHtlc translate(Htlc htlc) {
    var add =
        new UpdateAddHtlc(
            ByteVector32.Zeroes,
            htlc.id(),
            msat(htlc.amount()),
            htlc.paymentHash(),
            new CltvExpiry(htlc.cltvExpiry()),
            NO_ONION,
            TlvStream.Companion.empty());
    return switch (htlc.side()) {
      case OFFERED -> new OutgoingHtlc(add);
      case RECEIVED -> new IncomingHtlc(add);
    };
  }

  private static FeeratePerKw feerate(Feerate feerate) {
    return new FeeratePerKw(new Satoshi(feerate.satoshiPerKw()));
  }

  private static MilliSatoshi msat(Amount amount) {
    return new MilliSatoshi(amount.value());
  }
}
