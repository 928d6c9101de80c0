package chargepile.agent.energy;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DirectionCheckTest {
  private static final long WIDTH = 31;
  private static final DirectionCheck SELLING = DirectionCheck.NONE.closed(Set.of(IMPORT));
  private static final DirectionCheck TRADING = DirectionCheck.NONE.closed(Set.of(IMPORT, EXPORT));

  @Test
  void oneStrayPulseMayCompleteWhatFlowedBefore() {
    assertFalse(at(SELLING, EXPORT, 1000).isBackwards());
  }

  @Test
  void aSecondPulseThatNobodyAgreedToMeansAMeterThatRunsBackwards() {
    assertTrue(at(at(SELLING, EXPORT, 1000), EXPORT, 2000).isBackwards());
    assertTrue(
        at(at(at(SELLING, EXPORT, 1000), IMPORT, 2000), EXPORT, 3000).isBackwards(),
        "also when the other direction was metered meanwhile");
    DirectionCheck buying = DirectionCheck.NONE.closed(Set.of(EXPORT));
    assertTrue(at(at(buying, IMPORT, 1000), IMPORT, 2000).isBackwards());
  }

  @Test
  void eachClosingOfTheContactorIsJudgedByItself() {
    DirectionCheck again = at(SELLING, EXPORT, 1000).closed(Set.of(IMPORT));
    assertFalse(at(again, EXPORT, 2000).isBackwards());
  }

  @Test
  void outputsThatPulseTogetherThriceAreNoMeters() {
    DirectionCheck check = TRADING;
    for (int i = 1; i <= 3; i++) {
      assertFalse(check.isBothAtOnce(), "before pair " + i);
      check = at(at(check, IMPORT, 1000 * i), EXPORT, 1000 * i + 1);
    }
    assertTrue(check.isBothAtOnce());
  }

  @Test
  void outputsThatTouchAreNotMistakenForAMeterThatRunsBackwards() {
    for (Direction first : Direction.values()) {
      Direction second = first == IMPORT ? EXPORT : IMPORT;
      DirectionCheck check = SELLING;
      for (int i = 1; i <= 3; i++) {
        check = at(at(check, first, 1000 * i), second, 1000 * i);
        assertFalse(check.isBackwards(), first + " first, pair " + i);
      }
      assertTrue(check.isBothAtOnce());
    }
  }

  @Test
  void whatOverlapsNowAndThenIsChance() {
    DirectionCheck check = TRADING;
    for (int i = 1; i <= 20; i++) {
      check = at(at(check, IMPORT, 10_000 * i), EXPORT, 10_000 * i + 1);
      check = at(check, EXPORT, 10_000 * i + 5000);
    }
    assertFalse(check.isBothAtOnce());
  }

  @Property
  void aMeterThatTurnsWithTheFlowIsNeverDoubted(
      @ForAll @IntRange(min = 1, max = 50) int turns, @ForAll @IntRange(min = 1, max = 9) int run) {
    DirectionCheck check = TRADING;
    long now = 0;
    for (int i = 0; i < turns; i++) {
      for (int pulse = 0; pulse < run; pulse++) {
        now += 2 * WIDTH;
        check = at(check, i % 2 == 0 ? IMPORT : EXPORT, now);
      }
    }
    assertFalse(check.isBothAtOnce() || check.isBackwards());
  }

  private static DirectionCheck at(DirectionCheck check, Direction direction, long start) {
    return check.on(direction, new Pulse(start + WIDTH, start, new MilliWattHours(1000)));
  }
}
