package chargepile.agent.chain.redundant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.redundant.Dispute.Change;
import chargepile.agent.units.BlockHeight;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DisputeTest {
  private static final Duration PATIENCE = Duration.ofMinutes(60);
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private static Optional<Fork> fork(int depth) {
    return depth == 0
        ? Optional.empty()
        : Optional.of(
            new Fork(
                new BlockHeight(7),
                ScriptedChain.fresh(1).getFirst(),
                ScriptedChain.fresh(1).getFirst(),
                depth));
  }

  private static Instant after(int minutes) {
    return START.plus(Duration.ofMinutes(minutes));
  }

  @Test
  void aRaceIsNotWorthTelling() {
    Dispute.Step race = Dispute.NONE.on(fork(1), after(0), PATIENCE);
    Dispute.Step still = race.next().on(fork(1), after(60), PATIENCE);

    assertEquals(List.of(Change.NOTHING, Change.NOTHING), List.of(race.change(), still.change()));
    assertEquals(Change.NOTHING, still.next().on(Optional.empty(), after(61), PATIENCE).change());
  }

  @Test
  void aRaceThatDoesNotEndIs() {
    Dispute.Step race = Dispute.NONE.on(fork(1), after(0), PATIENCE);

    assertEquals(Change.DISAGREE, race.next().on(fork(1), after(61), PATIENCE).change());
  }

  @Test
  void twoBlocksAreNoRace() {
    Dispute.Step dispute = Dispute.NONE.on(fork(2), after(0), PATIENCE);

    assertEquals(Change.DISAGREE, dispute.change());
    assertEquals(Change.NOTHING, dispute.next().on(fork(3), after(99), PATIENCE).change());
    assertEquals(Change.AGREE, dispute.next().on(Optional.empty(), after(100), PATIENCE).change());
  }

  @Test
  void aClockThatJumpsBackBeginsAnew() {
    Dispute race = Dispute.NONE.on(fork(1), after(1_000_000), PATIENCE).next();
    Dispute.Step later = race.on(fork(1), after(0), PATIENCE);

    assertEquals(Change.NOTHING, later.change());
    assertEquals(Change.DISAGREE, later.next().on(fork(1), after(61), PATIENCE).change());
  }

  @Property(tries = 200)
  void alertsBeginAndEndInTurn(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 3) Integer> depths,
      @ForAll @IntRange(min = 1, max = 90) int minutes) {
    Dispute dispute = Dispute.NONE;
    boolean told = false;
    int now = 0;
    for (int depth : depths) {
      Dispute.Step step = dispute.on(fork(depth), after(now), PATIENCE);
      switch (step.change()) {
        case NOTHING -> {}
        case DISAGREE -> {
          assertFalse(told);
          told = true;
        }
        case AGREE -> {
          assertTrue(told);
          told = false;
        }
      }
      if (depth == 0) {
        assertFalse(told);
      } else if (depth >= Dispute.ALERT_DEPTH) {
        assertTrue(told);
      }
      dispute = step.next();
      now += minutes;
    }
  }
}
