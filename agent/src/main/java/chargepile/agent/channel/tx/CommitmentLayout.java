package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Which outputs a commitment has and in which order (BOLT 3, "Commitment Transaction Outputs"). */
final class CommitmentLayout {
  /** What an anchor holds. */
  static final Satoshi ANCHOR = new Satoshi(330);

  /** BIP 69, and by timeout where two HTLCs have the same amount and script (BOLT 3). */
  private static final Comparator<Draft> ORDER =
      Comparator.comparing(Draft::amount)
          .thenComparing(draft -> draft.script().toByteArray(), Arrays::compareUnsigned)
          .thenComparingLong(Draft::cltvExpiry)
          .thenComparingLong(Draft::id);

  private final CommitmentParams params;
  private final CommitmentKeys keys;

  CommitmentLayout(CommitmentParams params, CommitmentKeys keys) {
    this.params = params;
    this.keys = keys;
  }

  private interface Placer {
    CommitmentOutput at(int index, TxOut output, ByteVector witnessScript);
  }

  /** An output that has no place yet. */
  private record Draft(
      Satoshi amount,
      ByteVector witnessScript,
      ByteVector script,
      long cltvExpiry,
      long id,
      Placer placer) {
    Draft(Satoshi amount, ByteVector witnessScript, Placer placer) {
      this(amount, witnessScript, Scripts.payTo(witnessScript), 0, 0, placer);
    }

    CommitmentOutput at(int index) {
      return placer.at(index, Scripts.output(amount, script), witnessScript);
    }
  }

  /** The outputs that {@code spec} has after the funder's cost and without dust, in order. */
  List<CommitmentOutput> outputs(CommitmentSpec spec) {
    Satoshi dust = params.ownerDustLimit();
    Satoshi cost = CommitmentTransaction.funderCost(spec, dust);
    Satoshi toLocal = Satoshi.floor(spec.toLocal());
    Satoshi toRemote = Satoshi.floor(spec.toRemote());
    if (params.ownerIsFunder()) {
      toLocal = toLocal.minusOrZero(cost);
    } else {
      toRemote = toRemote.minusOrZero(cost);
    }
    List<Draft> drafts = new ArrayList<>();
    spec.untrimmed(dust).map(this::htlc).forEach(drafts::add);
    boolean hasHtlcs = !drafts.isEmpty();
    boolean hasLocal = toLocal.compareTo(dust) >= 0;
    boolean hasRemote = toRemote.compareTo(dust) >= 0;
    if (hasLocal) {
      drafts.add(toLocal(toLocal));
    }
    if (hasRemote) {
      drafts.add(toRemote(toRemote));
    }
    if (hasLocal || hasHtlcs) {
      drafts.add(localAnchor());
    }
    if (hasRemote || hasHtlcs) {
      drafts.add(remoteAnchor());
    }
    drafts.sort(ORDER);
    List<CommitmentOutput> outputs = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      outputs.add(draft.at(outputs.size()));
    }
    return List.copyOf(outputs);
  }

  /** The outputs of a published transaction that this commitment may have, found by script. */
  List<CommitmentOutput> recognise(Transaction published, List<Htlc> htlcs) {
    List<CommitmentOutput> found = new ArrayList<>();
    List<Draft> known = new ArrayList<>(htlcs.stream().map(this::htlc).sorted(ORDER).toList());
    known.addAll(
        List.of(toLocal(Satoshi.ZERO), toRemote(Satoshi.ZERO), localAnchor(), remoteAnchor()));
    for (int index = 0; index < published.txOut.size(); index++) {
      TxOut output = published.txOut.get(index);
      for (Draft draft : known) {
        // HTLCs may share a script: the amount tells them apart, else their order of expiry.
        boolean isHtlc = draft.cltvExpiry() > 0;
        if (draft.script().equals(output.publicKeyScript)
            && (!isHtlc || draft.amount().value() == output.amount.toLong())) {
          found.add(draft.placer().at(index, output, draft.witnessScript()));
          known.remove(draft);
          break;
        }
      }
    }
    return List.copyOf(found);
  }

  private Draft toLocal(Satoshi amount) {
    return new Draft(
        amount, Scripts.toLocal(keys, params.toSelfDelay()), CommitmentOutput.ToLocal::new);
  }

  private Draft toRemote(Satoshi amount) {
    return new Draft(
        amount, Scripts.toRemote(keys.remotePayment()), CommitmentOutput.ToRemote::new);
  }

  private Draft localAnchor() {
    return new Draft(
        ANCHOR, Scripts.anchor(params.ownerFunding()), CommitmentOutput.LocalAnchor::new);
  }

  private Draft remoteAnchor() {
    return new Draft(
        ANCHOR, Scripts.anchor(params.otherFunding()), CommitmentOutput.RemoteAnchor::new);
  }

  private Draft htlc(Htlc htlc) {
    ByteVector witnessScript = Scripts.htlc(htlc, keys);
    return new Draft(
        Satoshi.floor(htlc.amount()),
        witnessScript,
        Scripts.payTo(witnessScript),
        htlc.cltvExpiry(),
        htlc.id(),
        (index, output, script) -> new CommitmentOutput.HtlcOutput(index, output, script, htlc));
  }
}
