package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps how a chain stands. A chain may tell its tip and yet fail to give a view (a block that is
 * needed is pruned), so each kind of question has its own trouble. Thread-safe.
 */
final class StandingRecord {
  private final InstantSource clock;
  private final Map<Question, ChainStanding.Trouble> troubles = new EnumMap<>(Question.class);
  private Optional<ChainTip> tip = Optional.empty();

  /** What was asked of the chain. */
  enum Question {
    TIP,
    /** More than the tip: an answer shows that the tip can be asked as well. */
    VIEW
  }

  StandingRecord(InstantSource clock) {
    this.clock = clock;
  }

  /** A question was answered. */
  synchronized void answered(Question question, ChainTip present) {
    tip = Optional.of(present);
    troubles.remove(Question.TIP);
    if (question == Question.VIEW) {
      troubles.remove(Question.VIEW);
    }
  }

  /** A question was not answered. */
  synchronized void failed(Question question, ChainException why) {
    String reason = String.valueOf(why.getMessage());
    Instant now = clock.instant();
    troubles.merge(
        question,
        new ChainStanding.Trouble(now, reason),
        (before, after) -> new ChainStanding.Trouble(before.since(), reason));
  }

  /** Empty before the first answer or failure. */
  synchronized Optional<ChainStanding> present() {
    Optional<ChainStanding> trouble =
        troubles.values().stream()
            .min((a, b) -> a.since().compareTo(b.since()))
            .map(ChainStanding.class::cast);
    return trouble.or(() -> tip.map(ChainStanding.Ok::new));
  }
}
