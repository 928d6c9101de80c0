package chargepile.agent.runtime;

import chargepile.agent.energy.Tariff;
import chargepile.agent.session.Agreement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Whether what the looks after a start show may be told to a session that outlived the restart:
 * which orders were shown before is not known then, so a list without the session's own waits until
 * two looks a while apart, at two blocks, are without it. Belongs to the mailbox.
 */
final class FirstTerms {
  private static final Duration APART = AgreedTerms.APART;

  private final Predicate<Tariff> goesOn;
  private final Consumer<String> people;
  private Optional<Instant> before = Optional.empty();
  private Optional<Wanting> since = Optional.empty();

  /** The first look without the session's order: by the chain's clock and the monotonic one. */
  private record Wanting(Instant block, long nanos) {}

  /**
   * @param goesOn whether a session at these terms is under way
   * @param people are told of what has to wait
   */
  FirstTerms(Predicate<Tariff> goesOn, Consumer<String> people) {
    this.goesOn = goesOn;
    this.people = people;
  }

  /**
   * Begins anew.
   *
   * @param seen the time of the last block that was looked at before, where that is known: no
   *     earlier one says anything
   */
  void begin(Optional<Instant> seen) {
    before = seen;
  }

  /**
   * Whether that may be what is told first.
   *
   * @param occupied whether a session may be under way
   * @param block the time of the block that shows it
   */
  boolean mayTell(List<Agreement> agreed, boolean occupied, Instant block, long nanos) {
    if (!occupied || agreed.stream().map(Agreement::tariff).anyMatch(goesOn)) {
      return true;
    }
    Wanting first = since.orElse(new Wanting(block, nanos));
    since = Optional.of(first);
    boolean certain =
        nanos - first.nanos() >= APART.toNanos()
            && block.isAfter(first.block())
            && before.filter(seen -> !block.isAfter(seen)).isEmpty();
    if (!certain) {
      people.accept(
          "after the start the chain shows no order of the session that is under way: it goes on,"
              + " and no order comes into force, until two looks say so");
    }
    return certain;
  }
}
