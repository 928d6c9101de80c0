package chargepile.agent.cli.demo;

import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Direction;

/**
 * What happens to the car while virtual time runs: it is unplugged at the end of the trace, and a
 * driver who vanishes does so in the middle of it. Runs on the thread of virtual time.
 */
final class DemoScript implements Runnable {
  /** The part of the trace's energy that has flowed when the driver vanishes, in percent. */
  private static final long VANISHES_AT_PERCENT = 40;

  private final DemoOptions options;
  private final DemoProgress progress;
  private final DemoNodes nodes;

  DemoScript(DemoOptions options, DemoProgress progress, DemoNodes nodes) {
    this.options = options;
    this.progress = progress;
    this.nodes = nodes;
  }

  @Override
  public void run() {
    if (nodes.hardware.traceEnded() && nodes.hardware.plug().plugged()) {
      progress.stage("unplugged; settling the rest");
      nodes.hardware.unplug();
    }
    if (options.conduct() == DriverConduct.VANISH
        && !nodes.isDriverGone()
        && nodes.session().filter(this::hasRunLong).isPresent()) {
      progress.stage("the driver vanishes");
      nodes.driverVanishes();
    }
  }

  private boolean hasRunLong(PileSession session) {
    long delivered =
        session.delivered(options.direction(), nodes.pile.state().meter().registers()).value();
    return session.updates() > 0 && 100 * delivered >= VANISHES_AT_PERCENT * traceEnergy();
  }

  private long traceEnergy() {
    return options.direction() == Direction.IMPORT
        ? options.trace().importMilliWattHours()
        : options.trace().exportMilliWattHours();
  }
}
