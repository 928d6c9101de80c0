package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LookoutTest {
  @Test
  void theCurveGrowsWithASessionAndBeginsAnewWithTheNext() {
    List<Picture> seen =
        pictures(
            Samples.idle(),
            Samples.in("s1", 1),
            Samples.in("s1", 2),
            Samples.after("s1"),
            Samples.idle(),
            Samples.in("s2", 1));

    assertEquals(
        List.of(0, 1, 2, 2, 2, 1),
        seen.stream().map(picture -> picture.curve().watts().size()).toList());
    assertEquals(2, seen.getLast().tally().sessions());
  }

  @Test
  void aSessionThatWentOnOverARestartIsNotCountedAgain() {
    Picture first = pictures(Samples.in("s1", 5)).getFirst();
    assertEquals(0, first.tally().sessions());
    assertEquals(Amount.ZERO, first.tally().received());
    assertEquals(1, first.curve().watts().size());
  }

  @Test
  void aPileThatHangsIsAProblemAfterTenSeconds() {
    List<Picture> seen =
        pictures(
            Samples.silent(Duration.ofMillis(9999)), Samples.silent(Duration.ofMillis(12_300)));
    assertEquals(List.of(), seen.getFirst().problems());
    assertEquals(List.of("no answer for 12 s"), seen.getLast().problems());
  }

  @Test
  void aLookThatFailsIsFollowedByAnother() {
    boolean[] failed = {false};
    try (Lookout lookout =
        new Lookout(
            Samples.PLATE,
            () -> {
              if (!failed[0]) {
                failed[0] = true;
                throw new IllegalStateException("once");
              }
              return Samples.idle();
            })) {
      assertTrue(lookout.picture().isEmpty());
      lookout.look();
      assertEquals(Samples.idle(), lookout.picture().orElseThrow().now());
    }
  }

  private static List<Picture> pictures(Snapshot... snapshots) {
    Queue<Snapshot> left = new ArrayDeque<>(List.of(snapshots));
    List<Picture> seen = new ArrayList<>();
    @Nullable Picture picture = null;
    while (!left.isEmpty()) {
      picture = Lookout.after(picture, Samples.PLATE, left.remove());
      seen.add(picture);
    }
    return seen;
  }
}
