package chargepile.agent.evm;

import java.time.Duration;
import java.util.function.Consumer;

/** Whether two nodes contradict each other; the operator is told when that begins and ends. */
final class Dispute {
  private static final int LONGEST = 120;

  /** So long after the last contradiction it is over. */
  private static final Duration QUIET = Duration.ofMinutes(10);

  private final String first;
  private final String second;
  private final Consumer<NodeAlert> alerts;
  private boolean open;
  private long quietFrom = System.nanoTime();

  Dispute(String first, String second, Consumer<NodeAlert> alerts) {
    this.first = first;
    this.second = second;
    this.alerts = alerts;
  }

  /** Over what follows from a block: that they agree on blocks does not settle it. */
  DisagreeingNodesException over(String what, Object one, Object other) {
    synchronized (this) {
      quietFrom = System.nanoTime() + QUIET.toNanos();
    }
    return overBlock(what, one, other);
  }

  /** Over what the chain's blocks are. */
  DisagreeingNodesException overBlock(String what, Object one, Object other) {
    String about =
        "%s says of %s: %s; %s says: %s. One of them lies or is on a dead fork: nothing counts as final until they agree; compare with a third, and replace the wrong one"
            .formatted(first, what, shortened(one), second, shortened(other));
    boolean begins;
    synchronized (this) {
      begins = !open;
      open = true;
    }
    if (begins) {
      alerts.accept(new NodeAlert.Disagreement(about));
    }
    return new DisagreeingNodesException(about);
  }

  /** They agree on a final block or on the head. */
  void settled() {
    boolean ends;
    synchronized (this) {
      ends = open && System.nanoTime() - quietFrom >= 0;
      open = open && !ends;
    }
    if (ends) {
      alerts.accept(new NodeAlert.Agreement(first, second));
    }
  }

  private static String shortened(Object said) {
    String text = said.toString();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
