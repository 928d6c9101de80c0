package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the chain shows of a published commitment transaction: what is to be taken from it, what
 * became of its HTLCs, and whether anything is left to be done. Gathered anew at every look.
 */
final class Findings {
  /** Blocks in which an HTLC is taken back, while the preimage may still appear (BOLT 2). */
  static final int HTLC_WINDOW = 36;

  private final ChainView view;
  private final int finalDepth;
  private final int depth;
  private final List<Claim> claims = new ArrayList<>();
  private final List<FeeNeed> needs = new ArrayList<>();
  private final List<Transaction> secondStages = new ArrayList<>();
  private final Map<Long, ByteVector32> revealed = new LinkedHashMap<>();
  private final List<Long> returned = new ArrayList<>();
  private Satoshi lost = Satoshi.ZERO;
  private boolean settled;

  /**
   * Nothing found yet.
   *
   * @param depth confirmations of the transaction that spends the funding output
   */
  Findings(ChainView view, int depth, int finalDepth) {
    this.view = view;
    this.depth = depth;
    this.finalDepth = finalDepth;
    this.settled = depth >= finalDepth;
  }

  int depth() {
    return depth;
  }

  ChainView view() {
    return view;
  }

  Optional<Spend> spend(OutPoint output) {
    return Optional.ofNullable(view.spends().get(output));
  }

  int depth(Spend spend) {
    return spend.depthAt(view.tip());
  }

  boolean isFinal(Spend spend) {
    return depth(spend) >= finalDepth;
  }

  /** What no reorganisation is expected to undo. */
  boolean isFinal() {
    return depth >= finalDepth;
  }

  /** There is something to be taken, unless that is done or not worth any fee. */
  void claim(Claim claim) {
    boolean open = false;
    for (OutPoint output : claim.outputs()) {
      Optional<Spend> taken = spend(output);
      open |= taken.flatMap(Spend::minedAt).isEmpty();
      settled &= taken.map(this::isFinal).orElseGet(() -> !claim.isWorthwhile());
    }
    if (open) {
      claims.add(claim);
    }
  }

  /** The wallet must pay for something, or it stays undone. */
  void need(FeeNeed need) {
    needs.add(need);
  }

  /** The matter is not at its end. */
  void unsettled() {
    settled = false;
  }

  /** An HTLC transaction whose outputs matter, too. */
  void follow(Transaction secondStage) {
    if (!secondStages.contains(secondStage)) {
      secondStages.add(secondStage);
    }
  }

  /** Looks for the preimage of an own HTLC in what spends its output. */
  void reveal(Htlc htlc, OutPoint output, Transaction spending) {
    spending.txIn.stream()
        .filter(input -> input.outPoint.equals(output))
        .flatMap(input -> input.witness.stack.stream())
        .filter(item -> item.size() == 32)
        .map(item -> new ByteVector32(item.toByteArray()))
        .filter(htlc::isPaidBy)
        .findFirst()
        .ifPresent(preimage -> revealed.put(htlc.id(), preimage));
  }

  /** An own HTLC is back for good. */
  void returned(long id) {
    returned.add(id);
  }

  void lose(Satoshi amount) {
    lost = lost.plus(amount);
  }

  List<Claim> claims() {
    return claims;
  }

  List<FeeNeed> needs() {
    return needs;
  }

  List<Transaction> secondStages() {
    return secondStages;
  }

  Map<Long, ByteVector32> revealed() {
    return revealed;
  }

  List<Long> returned() {
    return returned;
  }

  Satoshi lost() {
    return lost;
  }

  boolean settled() {
    return settled;
  }
}
