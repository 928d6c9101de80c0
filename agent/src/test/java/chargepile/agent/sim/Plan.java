package chargepile.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What goes wrong in a run, and when. */
record Plan(long seed, List<Step> steps) {
  /** The time in which things go wrong; after it the world is whole again. */
  static final Duration TROUBLED = Duration.ofSeconds(120);

  private static final int MOST = 12;

  /** One trouble. */
  record Step(Duration at, Trouble trouble) {}

  Plan {
    steps = List.copyOf(steps);
  }

  /** The plan of a seed. */
  static Plan of(long seed) {
    Random random = new Random(seed);
    random.nextInt(); // seeds in a row begin alike
    List<Step> steps = new ArrayList<>();
    int count = random.nextInt(MOST + 1);
    for (int i = 0; i < count; i++) {
      steps.add(new Step(Duration.ofMillis(random.nextInt(120_000)), any(random)));
    }
    if (random.nextInt(3) == 0) {
      steps.add(
          new Step(
              Duration.ofMillis(50_000 + random.nextInt(130_000)),
              new Trouble.Cheat(who(random), 1 + random.nextInt(8))));
    }
    if (random.nextInt(16) == 0) {
      Duration at = Duration.ofMillis(40_000 + random.nextInt(80_000));
      steps.add(new Step(at, new Trouble.Vanish(who(random))));
    }
    if (random.nextInt(16) == 0) {
      steps.add(
          new Step(
              Duration.ofMillis(20_000 + random.nextInt(100_000)),
              new Trouble.OldImage(who(random))));
    }
    if (random.nextInt(4) == 0) {
      // Into the middle of the settling, and what is undone does not come back by itself.
      Duration at = Duration.ofMillis(150_000 + random.nextInt(500_000));
      steps.add(new Step(at, new Trouble.Reorganisation(1 + random.nextInt(2))));
      steps.add(new Step(at, new Trouble.Eviction()));
    }
    if (random.nextInt(2) == 0) {
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        steps.add(new Step(Duration.ofMillis(45_000 + random.nextInt(130_000)), offer(random)));
      }
    }
    steps.sort(Comparator.comparing(Step::at));
    return new Plan(seed, steps);
  }

  Plan without(int index) {
    List<Step> fewer = new ArrayList<>(steps);
    fewer.remove(index);
    return new Plan(seed, fewer);
  }

  boolean has(Class<? extends Trouble> kind) {
    return steps.stream().anyMatch(step -> kind.isInstance(step.trouble()));
  }

  private static Trouble any(Random random) {
    return switch (random.nextInt(32)) {
      case 0, 1, 2, 3, 4 ->
          new Trouble.Kill(who(random), random.nextInt(12), seconds(random, 1, 40));
      case 5, 6 -> new Trouble.Restart(who(random));
      case 7 -> new Trouble.Hang(who(random), seconds(random, 1, 60));
      case 8, 9, 10 -> new Trouble.Cut(who(random), seconds(random, 1, 60));
      case 11, 12, 13 -> new Trouble.BadNetwork(1 + random.nextInt(30), seconds(random, 1, 60));
      case 14 -> new Trouble.Replay(random.nextInt(1000));
      case 15, 16 -> new Trouble.ChainOutage(who(random), seconds(random, 5, 100));
      case 17 -> new Trouble.FeeSpike(2_000 + random.nextInt(18_000), seconds(random, 10, 120));
      case 18 -> new Trouble.Blocks(1 + random.nextInt(3));
      case 19 -> new Trouble.Reorganisation(1 + random.nextInt(3));
      case 20 -> new Trouble.Eviction();
      case 21 -> new Trouble.WallClockJump(who(random), jump(random));
      case 22 -> new Trouble.FullDisk(who(random), seconds(random, 1, 30));
      case 23 -> new Trouble.ReadOnlyDisk(who(random), seconds(random, 1, 30));
      case 24, 25 -> new Trouble.OneWay(who(random), random.nextBoolean(), seconds(random, 1, 60));
      case 26, 27 -> new Trouble.Blackout(seconds(random, 1, 40));
      case 28, 29 -> new Trouble.Hostile(seconds(random, 1, 20));
      case 30 -> new Trouble.FullMempool(500 + random.nextInt(5_000), seconds(random, 10, 120));
      default -> random.nextBoolean() ? new Trouble.Stop(who(random)) : new Trouble.Unplug();
    };
  }

  private static Trouble.Offer offer(Random random) {
    Payment.Fate fate =
        switch (random.nextInt(4)) {
          case 0 -> Payment.Fate.LEFT;
          case 1 -> Payment.Fate.FAILED;
          default -> Payment.Fate.FULFILLED;
        };
    int satoshi =
        switch (random.nextInt(4)) {
          case 0 -> 1 + random.nextInt(400); // around the dust limit
          case 1 -> 400 + random.nextInt(3_000);
          default -> 3_000 + random.nextInt(20_000);
        };
    int blocks = fate == Payment.Fate.LEFT ? 1 + random.nextInt(25) : 20 + random.nextInt(15);
    Who from = random.nextInt(3) == 0 ? Who.PILE : Who.DRIVER;
    return new Trouble.Offer(from, satoshi, blocks, fate, seconds(random, 0, 60));
  }

  private static Who who(Random random) {
    return random.nextBoolean() ? Who.PILE : Who.DRIVER;
  }

  private static Duration seconds(Random random, int least, int most) {
    return Duration.ofMillis(random.nextInt(1000 * least, 1000 * most));
  }

  private static Duration jump(Random random) {
    return Duration.ofHours(random.nextInt(-24 * 365 * 30, 24 * 365 * 30));
  }
}
