package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Publishes what takes the claims, each at the feerate that time and stake ask for, and replaces
 * what waits with a fee too low (BIP 125).
 */
final class Bidding {
  private final Step step;
  private final ChainView view;
  private final FeeLadder ladder;
  private final ByteVector home;
  private final List<Transaction> parents;

  /** Own transactions that one published in this step takes the place of. */
  private final Set<Transaction> replaced = new HashSet<>();

  /**
   * @param parents the transactions whose outputs are claimed
   */
  Bidding(Step step, ChainView view, FeeLadder ladder, ByteVector home, List<Transaction> parents) {
    this.step = step;
    this.view = view;
    this.ladder = ladder;
    this.home = home;
    this.parents = parents;
  }

  /** Whether a transaction is one of this side's sweeps or remedies: all it moves comes home. */
  static boolean isHome(Transaction transaction, ByteVector home) {
    return transaction.txOut.size() == 1
        && transaction.txOut.getFirst().publicKeyScript.equals(home);
  }

  /** The largest first: what has to pay for what it replaces is best able to. */
  void bid(List<Claim> claims) {
    claims.stream()
        .filter(Claim::ripe)
        .sorted(Comparator.comparing(Claim::value).reversed())
        .forEach(this::bid);
  }

  private void bid(Claim claim) {
    List<Transaction> waiting =
        claim.outputs().stream()
            .flatMap(output -> Optional.ofNullable(view.spends().get(output)).stream())
            .map(Spend::transaction)
            .distinct()
            .filter(taking -> !replaced.contains(taking))
            .toList();
    if (waiting.stream().allMatch(taking -> isHome(taking, home))) {
      (waiting.isEmpty() ? first(claim) : raised(claim, waiting))
          .ifPresent(
              transaction -> {
                replaced.addAll(waiting);
                step.broadcast(transaction, claim.purpose());
              });
    } else {
      // What the peer's pays is not known: it is for the nodes to say which is better.
      first(claim).ifPresent(transaction -> step.broadcast(transaction, claim.purpose()));
    }
  }

  private Optional<Transaction> first(Claim claim) {
    Optional<Transaction> cheapest = claim.at().apply(Feerate.MINIMUM_RELAY);
    return cheapest.flatMap(
        least ->
            claim
                .at()
                .apply(ladder.bid(claim.value(), claim.window(), least.weight()))
                .or(() -> cheapest));
  }

  /** A transaction that nodes take in the place of those that wait; empty when none is due. */
  private Optional<Transaction> raised(Claim claim, List<Transaction> waiting) {
    OptionalLong paid = paid(waiting);
    Optional<Transaction> bid = first(claim);
    if (paid.isEmpty() || bid.isEmpty()) {
      return Optional.empty();
    }
    int weight = waiting.stream().mapToInt(taking -> taking.weight()).sum();
    Satoshi present = new Satoshi(paid.getAsLong());
    boolean splits =
        waiting.stream()
            .flatMap(taking -> taking.txIn.stream())
            .map(input -> input.outPoint)
            .anyMatch(input -> !claim.outputs().contains(input));
    Optional<Transaction> offer =
        splits
            ? claim
                .at()
                .apply(FeeLadder.toReplace(present, weight, bid.get().weight()))
                .filter(split -> fee(claim, split).compareTo(fee(claim, bid.get())) > 0)
                .or(() -> bid)
            : bid;
    return offer.filter(
        transaction ->
            FeeLadder.replaces(present, weight, fee(claim, transaction), transaction.weight()));
  }

  private static Satoshi fee(Claim claim, Transaction transaction) {
    long out = transaction.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
    return claim.value().minusOrZero(new Satoshi(out));
  }

  /** What own transactions pay; empty when that can't be told. */
  private OptionalLong paid(List<Transaction> transactions) {
    long paid = 0;
    for (Transaction transaction : transactions) {
      for (TxIn input : transaction.txIn) {
        OptionalLong value = value(input.outPoint);
        if (value.isEmpty()) {
          return OptionalLong.empty();
        }
        paid += value.getAsLong();
      }
      paid -= transaction.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
    }
    return OptionalLong.of(Math.max(0, paid));
  }

  private OptionalLong value(OutPoint output) {
    return parents.stream()
        .filter(parent -> parent.txid.equals(output.txid))
        .filter(parent -> output.index < parent.txOut.size())
        .flatMap(parent -> Stream.of(parent.txOut.get((int) output.index)))
        .mapToLong(out -> out.amount.toLong())
        .findFirst();
  }
}
