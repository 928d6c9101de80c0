package chargepile.agent.runtime;

import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the chain paid when the channel of a {@link Charge} ended, against what both signed. */
final class Payout {
  /** In satoshi; below this an output is left out of a transaction (BOLT 3). */
  static final long DUST = 354;

  /** More than the commitment transaction and its anchors, or a sweep, cost here. */
  private static final long MOST_FEE = 6_000;

  private final Charge charge;
  private final TwoNodes nodes;

  Payout(Charge charge) {
    this.charge = charge;
    this.nodes = charge.nodes;
  }

  /** The commitments at the end, or now. */
  static Optional<Commitments> last(Channel channel) {
    return channel.stage() instanceof Stage.Closed closed ? closed.last() : channel.commitments();
  }

  /** What is not as it was signed, in words. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    Optional<Commitments> atDriver = last(charge.drivers());
    Optional<Commitments> atPile =
        last(nodes.pile.state().leg(Charge.driverKey()).penalty().orElseThrow());
    if (!charge.isSettled()) {
      faults.add(
          "the money is not home: the pile's channel is %s, the driver's %s"
              .formatted(nodes.stage().title(), charge.drivers().stage().title()));
    } else if (charge.hasBegun()) {
      checkOutcome(nodes.stage(), faults);
      checkOutcome(charge.drivers().stage(), faults);
      checkPaid(atPile.orElseThrow(), atDriver.orElseThrow(), faults);
    } else {
      checkNothingPaid(atDriver, faults);
    }
    return faults;
  }

  private static void checkOutcome(Stage stage, List<String> faults) {
    if (!(stage instanceof Stage.Closed closed)
        || !Set.of(Outcome.COOPERATIVE_CLOSE, Outcome.UNILATERAL_CLOSE)
            .contains(closed.outcome())) {
      faults.add("the channel ended as " + stage);
    }
  }

  /** Of two last states that both signed, the chain has one, to the satoshi. */
  private void checkPaid(Commitments atPile, Commitments atDriver, List<String> faults) {
    Allocation own = atPile.local().allocation();
    long signed = own.spec().toLocal().value();
    if (!charge.paidForHtlcs().contains(signed - charge.takings.paidAmount())) {
      faults.add(
          "the pile has %d msat of %d for energy".formatted(signed, charge.takings.paidAmount()));
    }
    List<Long> paid = spent(atPile.funding()).map(Payout::amounts).orElse(List.of());
    boolean byPile = isPaid(paid, signed);
    boolean byDriver = isPaid(paid, atDriver.local().allocation().spec().toRemote().value());
    if (!byPile && !byDriver) {
      faults.add("the channel of %s msat ended with outputs %s".formatted(own.spec(), paid));
    }
    long home = nodes.chain.balance(nodes.pileHome).value();
    if (home > charge.mostForPile() / 1000 || home < signed / 1000 - MOST_FEE) {
      faults.add("%d msat of the pile's came home as %d sat".formatted(signed, home));
    }
  }

  private static boolean isPaid(List<Long> outputs, long milliSatoshi) {
    return milliSatoshi / 1000 < DUST || outputs.contains(milliSatoshi / 1000);
  }

  /** The driver has what it funded the channel with, less the chain's fees. */
  private void checkNothingPaid(Optional<Commitments> atDriver, List<String> faults) {
    if (nodes.chain.balance(nodes.pileHome).value() != 0) {
      faults.add("the pile was paid for nothing");
    }
    atDriver.ifPresent(last -> checkReturned(last, faults));
  }

  private void checkReturned(Commitments last, List<String> faults) {
    long funded = last.setup().capacity().value();
    List<Long> outputs = spent(last.funding()).map(Payout::amounts).orElse(List.of(funded));
    long most = outputs.stream().mapToLong(Long::longValue).max().orElse(0);
    if (most < funded - MOST_FEE) {
      faults.add("the driver has %d sat of %d".formatted(most, funded));
    }
  }

  private static List<Long> amounts(Transaction transaction) {
    return transaction.txOut.stream().map((TxOut output) -> output.amount.toLong()).toList();
  }

  /** What spent an output, in a block. */
  private Optional<Transaction> spent(OutPoint output) {
    EmbeddedChain chain = nodes.chain;
    for (int height = chain.tip().value(); height > 0; height--) {
      for (Transaction each : chain.block(new BlockHeight(height)).orElseThrow().tx) {
        if (each.txIn.stream().anyMatch(input -> input.outPoint.equals(output))) {
          return Optional.of(each);
        }
      }
    }
    return Optional.empty();
  }
}
