package chargepile.agent.runtime;

import chargepile.hal.Contactor;
import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.HeatSensor;
import chargepile.hal.PileHardware;
import chargepile.hal.PlugSensor;
import chargepile.hal.PulseInput;
import chargepile.hal.StatusLight;
import chargepile.hal.sim.SimulatedPile;
import java.util.function.Consumer;

/** A simulated pile that outlives the program on it: each start takes the ports anew. */
final class SharedHardware implements PileHardware {
  private final SimulatedPile pile;
  private final Consumer<String> log;

  /** Whether the contactor's line cannot be driven. */
  volatile boolean stuck;

  private volatile Consumer<Edge> edges = edge -> {};
  private volatile Consumer<Boolean> plugs = plugged -> {};
  private volatile Consumer<Boolean> heats = tooHot -> {};
  private volatile Consumer<String> failures = what -> {};

  /**
   * @param log hears "engage" and "release"
   */
  SharedHardware(SimulatedPile pile, Consumer<String> log) {
    this.pile = pile;
    this.log = log;
    pile.pulses().listen(edge -> edges.accept(edge));
    pile.plug().listen(plugged -> plugs.accept(plugged));
    pile.heat().listen(tooHot -> heats.accept(tooHot));
    pile.onFailure(what -> failures.accept(what));
  }

  @Override
  public PulseInput pulses() {
    return new PulseInput() {
      @Override
      public void listen(Consumer<Edge> listener) {
        edges = listener;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Contactor contactor() {
    return new Contactor() {
      @Override
      public void engage() {
        log.accept("engage");
        pile.contactor().engage();
      }

      @Override
      public void release() {
        log.accept("release");
        if (stuck) {
          throw new HardwareException("GPIO 27 (contactor): cannot be driven");
        }
        pile.contactor().release();
      }

      @Override
      public void releaseForGood() {
        log.accept("release for good");
        pile.contactor().releaseForGood();
      }

      @Override
      public boolean engaged() {
        return pile.contactor().engaged();
      }

      @Override
      public boolean commanded() {
        return pile.contactor().commanded();
      }
    };
  }

  @Override
  public PlugSensor plug() {
    return new PlugSensor() {
      @Override
      public boolean plugged() {
        return pile.plug().plugged();
      }

      @Override
      public void listen(Consumer<Boolean> listener) {
        plugs = listener;
      }
    };
  }

  @Override
  public HeatSensor heat() {
    return new HeatSensor() {
      @Override
      public boolean tooHot() {
        return pile.heat().tooHot();
      }

      @Override
      public void listen(Consumer<Boolean> listener) {
        heats = listener;
      }
    };
  }

  @Override
  public void onFailure(Consumer<String> listener) {
    failures = listener;
  }

  @Override
  public StatusLight light() {
    return pile.light();
  }

  @Override
  public void close() {}
}
