package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainTip;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.tinylog.Logger;

/**
 * Which of two chains serves, by their tips and by where they part; and what of that the operator
 * is told. Thread-safe.
 */
final class Referee {
  private final String first;
  private final String second;
  private final InstantSource clock;
  private final Duration patience;
  private final Consumer<ChainAlert> alerts;
  private Dispute dispute = Dispute.NONE;
  private Optional<Compared> last = Optional.empty();
  private boolean firstServes = true;

  /** Two tips have the same fork as long as they are the tips. */
  private record Compared(ChainTip first, ChainTip second, Optional<Fork> fork) {}

  Referee(
      String first,
      String second,
      InstantSource clock,
      Duration patience,
      Consumer<ChainAlert> alerts) {
    this.first = first;
    this.second = second;
    this.clock = clock;
    this.patience = patience;
    this.alerts = alerts;
  }

  /**
   * Whether the first chain is to serve.
   *
   * @throws Fork.MovedException when a chain shrank meanwhile
   */
  boolean prefersFirst(ChainTip a, Fork.Hashes hashesOfA, ChainTip b, Fork.Hashes hashesOfB)
      throws Fork.MovedException {
    Optional<Compared> known = known(a, b);
    Optional<Fork> fork =
        known.isPresent() ? known.get().fork : Fork.between(a, hashesOfA, b, hashesOfB);
    note(new Compared(a, b, fork));
    return higherIsFirst(a, b, fork, firstServes());
  }

  /**
   * The higher one serves. Of two that are level it is the first, unless they part: then nothing
   * changes, because the next block decides.
   */
  static boolean higherIsFirst(
      ChainTip first, ChainTip second, Optional<Fork> fork, boolean firstServes) {
    int higher = first.height().compareTo(second.height());
    return higher == 0 ? fork.isEmpty() || firstServes : higher > 0;
  }

  void serves(boolean isFirst) {
    boolean changed;
    synchronized (this) {
      changed = firstServes != isFirst;
      firstServes = isFirst;
    }
    if (changed) {
      Logger.info("the chain is now that of {}", isFirst ? first : second);
    }
  }

  private synchronized boolean firstServes() {
    return firstServes;
  }

  private synchronized Optional<Compared> known(ChainTip a, ChainTip b) {
    return last.filter(compared -> compared.first.equals(a) && compared.second.equals(b));
  }

  private void note(Compared compared) {
    Dispute.Change change;
    synchronized (this) {
      last = Optional.of(compared);
      Dispute.Step step = dispute.on(compared.fork, clock.instant(), patience);
      dispute = step.next();
      change = step.change();
    }
    switch (change) {
      case NOTHING -> {}
      case AGREE -> alerts.accept(new ChainAlert.Agreement(first, second));
      case DISAGREE -> compared.fork.ifPresent(fork -> alerts.accept(disagreement(compared, fork)));
    }
  }

  private ChainAlert disagreement(Compared compared, Fork fork) {
    return new ChainAlert.Disagreement(
        first, compared.first, fork.first(), second, compared.second, fork.second(), fork.height());
  }
}
