package chargepile.agent.channel.tx;

import chargepile.agent.channel.tx.CommitmentOutput.HtlcOutput;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import java.util.List;
import java.util.Optional;

/**
 * One side's commitment transaction of BOLT 3 with anchors and zero-fee HTLC transactions.
 *
 * @param transaction unsigned
 * @param number the commitment number, 0 to 2^48 - 1
 * @param outputs in the transaction's order
 */
public record CommitmentTransaction(
    Transaction transaction,
    CommitmentParams params,
    CommitmentKeys keys,
    CommitmentSpec spec,
    long number,
    List<CommitmentOutput> outputs) {

  private static final int BASE_WEIGHT = 1124;

  /** What an HTLC output adds to the weight of a commitment transaction (BOLT 3). */
  public static final int HTLC_WEIGHT = 172;

  private static final long LOCK_TIME_FLAG = 0x20L << 24;
  private static final long SEQUENCE_FLAG = 0x80L << 24;
  private static final long LOW_24_BITS = 0xffffff;

  public CommitmentTransaction {
    outputs = List.copyOf(outputs);
  }

  /**
   * Commitment {@code number} with the balances of {@code spec}.
   *
   * @throws IllegalArgumentException when {@code number} has more than 48 bits, or all outputs
   *     would be dust: such a transaction can't be published
   */
  public static CommitmentTransaction build(
      CommitmentParams params, CommitmentKeys keys, CommitmentSpec spec, long number) {
    if (number >>> 48 != 0) {
      throw new IllegalArgumentException("commitment number outside 0 to 2^48-1: " + number);
    }
    List<CommitmentOutput> outputs = new CommitmentLayout(params, keys).outputs(spec);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "commitment " + number + " would have no output above the dust limit");
    }
    long obscured = number ^ params.obscuringFactor();
    var transaction =
        new Transaction(
            2,
            List.of(new TxIn(params.fundingOutPoint(), SEQUENCE_FLAG | (obscured >>> 24))),
            outputs.stream().map(CommitmentOutput::output).toList(),
            LOCK_TIME_FLAG | (obscured & LOW_24_BITS));
    return new CommitmentTransaction(transaction, params, keys, spec, number, outputs);
  }

  /**
   * The outputs of a published commitment found by their scripts, for when its balances were not
   * kept: to_local, to_remote, anchors, and those of {@code htlcs} it contains.
   */
  public static List<CommitmentOutput> recognise(
      Transaction published, CommitmentParams params, CommitmentKeys keys, List<Htlc> htlcs) {
    return new CommitmentLayout(params, keys).recognise(published, htlcs);
  }

  /** Whether lock time and sequence have the form that hides a commitment number. */
  public static boolean isNumbered(Transaction spending) {
    return spending.txIn.size() == 1
        && (spending.lockTime & ~LOW_24_BITS) == LOCK_TIME_FLAG
        && (spending.txIn.getFirst().sequence & ~LOW_24_BITS) == SEQUENCE_FLAG;
  }

  /** The commitment number hidden in the lock time and sequence of a commitment transaction. */
  public static long numberOf(Transaction commitment, long obscuringFactor) {
    long upper = commitment.txIn.getFirst().sequence & LOW_24_BITS;
    long lower = commitment.lockTime & LOW_24_BITS;
    return ((upper << 24) | lower) ^ obscuringFactor;
  }

  /** The fee the funder pays, without the anchors (BOLT 3, "Fee Calculation"). */
  public static Satoshi fee(CommitmentSpec spec, Satoshi dustLimit) {
    int untrimmed = Math.toIntExact(spec.untrimmed(dustLimit).count());
    return spec.feerate().fee(BASE_WEIGHT + HTLC_WEIGHT * untrimmed);
  }

  /** What the funder's balance is lowered by: the fee and both anchors. */
  public static Satoshi funderCost(CommitmentSpec spec, Satoshi dustLimit) {
    return fee(spec, dustLimit).plus(CommitmentLayout.ANCHOR).plus(CommitmentLayout.ANCHOR);
  }

  /** What both funding keys sign, with SIGHASH_ALL. */
  public ByteVector32 fundingDigest() {
    return FundingScript.digest(
        transaction, params.capacity(), params.ownerFunding(), params.otherFunding());
  }

  /** The transaction ready to publish. The signatures are not checked. */
  public Transaction signed(ByteVector64 ownerSignature, ByteVector64 otherSignature) {
    return transaction.updateWitness(
        0,
        FundingScript.witness(
            params.ownerFunding(), ownerSignature, params.otherFunding(), otherSignature));
  }

  /** The second-stage transactions in output order, which is that of {@code htlc_signatures}. */
  public List<HtlcTransaction> htlcTransactions() {
    return all(HtlcOutput.class).stream().map(output -> HtlcTransaction.of(this, output)).toList();
  }

  public List<HtlcOutput> htlcOutputs() {
    return all(HtlcOutput.class);
  }

  public Optional<CommitmentOutput.ToLocal> toLocal() {
    return all(CommitmentOutput.ToLocal.class).stream().findFirst();
  }

  public Optional<CommitmentOutput.ToRemote> toRemote() {
    return all(CommitmentOutput.ToRemote.class).stream().findFirst();
  }

  public Optional<CommitmentOutput.LocalAnchor> localAnchor() {
    return all(CommitmentOutput.LocalAnchor.class).stream().findFirst();
  }

  public Optional<CommitmentOutput.RemoteAnchor> remoteAnchor() {
    return all(CommitmentOutput.RemoteAnchor.class).stream().findFirst();
  }

  private <T extends CommitmentOutput> List<T> all(Class<T> kind) {
    return outputs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
