package chargepile.agent.channel;

import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is known and under way while a published commitment is settled.
 *
 * @param recalled the HTLCs of the revoked commitment that was seen, once recalled
 * @param secondStages the transactions last seen to spend HTLC outputs; their outputs are watched
 * @param funded the transactions out to which the wallet added a fee
 * @param unpaid the first inputs of those that the wallet could not pay for, which was told
 * @param told the ids of the own HTLCs whose end was told
 */
public record Settlement(
    Optional<ChannelEvent.Recalled> recalled,
    List<Transaction> secondStages,
    List<Funded> funded,
    Set<OutPoint> unpaid,
    Set<Long> told) {
  public static final Settlement NONE =
      new Settlement(Optional.empty(), List.of(), List.of(), Set.of(), Set.of());

  public Settlement {
    secondStages = List.copyOf(secondStages);
    funded = List.copyOf(funded);
    unpaid = Set.copyOf(unpaid);
    told = Set.copyOf(told);
  }

  /**
   * A transaction that the wallet pays for, known by its first input, which is the channel's.
   *
   * @param feerate what was asked for, of itself and its parent
   */
  public record Funded(Transaction transaction, Feerate feerate) {
    OutPoint output() {
      return transaction.txIn.getFirst().outPoint;
    }
  }

  /** What the wallet pays for that spends this output. */
  Optional<Funded> funded(OutPoint output) {
    return funded.stream().filter(paid -> paid.output().equals(output)).findFirst();
  }

  Settlement with(ChannelEvent.Recalled htlcs) {
    return new Settlement(Optional.of(htlcs), secondStages, funded, unpaid, told);
  }

  Settlement withSecondStages(List<Transaction> seen) {
    return new Settlement(recalled, seen, funded, unpaid, told);
  }

  /** This with a paid transaction in the place of another that spends the same output. */
  Settlement with(Funded paid) {
    Settlement cleared = without(paid.output());
    List<Funded> more = Stream.concat(cleared.funded.stream(), Stream.of(paid)).toList();
    return new Settlement(recalled, secondStages, more, cleared.unpaid, told);
  }

  /** This without any transaction, or the lack of one, that spends the output. */
  Settlement without(OutPoint output) {
    Set<OutPoint> less = new HashSet<>(unpaid);
    less.remove(output);
    List<Funded> others = funded.stream().filter(paid -> !paid.output().equals(output)).toList();
    return new Settlement(recalled, secondStages, others, less, told);
  }

  Settlement withUnpaid(OutPoint output) {
    Set<OutPoint> more = new HashSet<>(unpaid);
    more.add(output);
    return new Settlement(recalled, secondStages, funded, more, told);
  }

  Settlement withTold(long id) {
    Set<Long> more = new HashSet<>(told);
    more.add(id);
    return new Settlement(recalled, secondStages, funded, unpaid, more);
  }
}
