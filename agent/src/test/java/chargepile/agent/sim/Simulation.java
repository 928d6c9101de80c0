package chargepile.agent.sim;

import chargepile.agent.channel.Stage;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.hal.sim.Disturbances;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One run: a session at a pile, with all that a plan lets go wrong, up to the last satoshi. */
final class Simulation {
  private static final Duration LONG = Duration.ofMinutes(60);

  /**
   * How a run came out.
   *
   * @param violation what did not hold, if anything
   * @param lines the latest that happened
   */
  record Result(
      Plan plan,
      Disturbances hardware,
      Optional<String> violation,
      String hash,
      List<String> lines,
      Figures figures) {}

  private Simulation() {}

  static Result run(Plan plan, Deviation deviation) {
    World world = new World(plan.seed(), deviation);
    String violation = null;
    try (world) {
      go(world, plan);
    } catch (Violation e) {
      violation = e.getMessage();
    }
    Figures figures = world.figures();
    List<String> lines = world.trace.lines();
    return new Result(
        plan,
        world.disturbances,
        Optional.ofNullable(violation),
        world.trace.hash(),
        lines,
        figures);
  }

  private static void go(World world, Plan plan) {
    plan.steps().forEach(step -> world.after(step.at(), () -> world.begin(step.trouble())));
    world.pile.start();
    world.driver.start();
    world.after(Duration.ofSeconds(10), () -> plugInWhenUsable(world));
    world.run(Plan.TROUBLED);
    world.heal();
    world.runUntil(world.meter::traceEnded, Duration.ofMinutes(2));
    world.meter.unplug();
    require(
        world.pile.vanished || world.runUntil(() -> world.pile.isSessionOver(), LONG),
        "the session does not end");
    // A channel without a session, or whose close was cut short by a restart, is closed by hand.
    world.driver.command(new DriverCommand.CloseChannel());
    if (world.pile.vanished && world.driver.known() instanceof Stage.AwaitingReady) {
      world.driver.command(new DriverCommand.ForceCloseChannel("no pile"));
    }
    if (world.driver.vanished) {
      world.pile.command(
          new OperatorCommand.ForceCloseChannel(world.driver.keys.nodeId(), "no driver"));
    }
    require(
        world.runUntil(() -> isSettled(world), LONG),
        "the channel is not settled: %s at the pile, %s at the driver"
            .formatted(world.pile.stage(), world.driver.stage()));
    Money.check(world);
    boolean isHeardOf =
        !isQuiet(world, plan) || world.runUntil(() -> world.invariants.unsettled().isEmpty(), LONG);
    require(
        isHeardOf,
        "nothing is heard of the settlement certificate at the "
            + world.invariants.unsettled().orElse("end"));
    if (isQuiet(world, plan)) {
      world
          .invariants
          .difference()
          .ifPresent(
              text -> {
                throw new Violation("the driver finds another account than its own: " + text);
              });
    }
  }

  /** Whether both are certified, told no lies, and there at the end with all that they knew. */
  private static boolean isQuiet(World world, Plan plan) {
    return world.identities.equals(Optional.of(IdentityPolicy.REQUIRED))
        && !plan.has(Trouble.Vanish.class)
        && !plan.has(Trouble.OldImage.class)
        && !plan.has(Trouble.Cheat.class);
  }

  private static void plugInWhenUsable(World world) {
    boolean usable = world.pile.stage().equals("Normal") && world.driver.stage().equals("Normal");
    if (usable) {
      world.meter.plugIn();
    } else {
      world.after(Duration.ofSeconds(5), () -> plugInWhenUsable(world));
    }
  }

  private static boolean isSettled(World world) {
    return Stream.of(world.pile, world.driver)
        .allMatch(party -> party.vanished || isDone(world, party));
  }

  /**
   * Settled, or never funded: then a fundee waits 2016 blocks more than a run has. Who lost its
   * data needs the other to close, and waits for ever for one that is gone.
   */
  private static boolean isDone(World world, Party party) {
    return switch (party.known()) {
      case Stage.Closed _, Stage.Absent _ -> true;
      case Stage.DataLost _ when world.party(party.who.other()).vanished -> true;
      case Stage.Funded funded ->
          world.chain.transaction(funded.commitments().funding().txid).isEmpty()
              && !funded.commitments().setup().funder();
      default -> false;
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Violation(otherwise);
    }
  }
}
