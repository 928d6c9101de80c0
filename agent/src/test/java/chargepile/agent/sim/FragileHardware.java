package chargepile.agent.sim;

import chargepile.hal.Contactor;
import chargepile.hal.Edge;
import chargepile.hal.HeatSensor;
import chargepile.hal.PileHardware;
import chargepile.hal.PlugSensor;
import chargepile.hal.PulseInput;
import chargepile.hal.StatusLight;
import java.util.function.Consumer;

/** The pile's hardware as one program on it sees it; what it drives falls open with its death. */
final class FragileHardware implements PileHardware {
  private final Program program;
  private final HardwareSocket socket;
  private final Runnable engaged;

  /**
   * @param engaged hears that the program closes the contactor, before it does
   */
  FragileHardware(Program program, HardwareSocket socket, Runnable engaged) {
    this.program = program;
    this.socket = socket;
    this.engaged = engaged;
  }

  private <T> Consumer<T> alive(Consumer<T> listener) {
    return value -> {
      if (!program.isDead()) {
        listener.accept(value);
      }
    };
  }

  @Override
  public PulseInput pulses() {
    return new PulseInput() {
      @Override
      public void listen(Consumer<Edge> listener) {
        socket.edges = alive(listener);
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
        engaged.run();
        program.act(() -> socket.pile.contactor().engage());
      }

      @Override
      public void release() {
        if (!program.isDead()) {
          socket.pile.contactor().release();
        }
      }

      @Override
      public void releaseForGood() {
        release(); // the next program has the same contactor
      }

      @Override
      public boolean engaged() {
        return socket.pile.contactor().engaged();
      }

      @Override
      public boolean commanded() {
        return socket.pile.contactor().commanded();
      }
    };
  }

  @Override
  public PlugSensor plug() {
    return new PlugSensor() {
      @Override
      public boolean plugged() {
        return socket.pile.plug().plugged();
      }

      @Override
      public void listen(Consumer<Boolean> listener) {
        socket.plugs = alive(listener);
      }
    };
  }

  @Override
  public HeatSensor heat() {
    return new HeatSensor() {
      @Override
      public boolean tooHot() {
        return socket.pile.heat().tooHot();
      }

      @Override
      public void listen(Consumer<Boolean> listener) {
        socket.heats = alive(listener);
      }
    };
  }

  @Override
  public void onFailure(Consumer<String> listener) {
    socket.failures = alive(listener);
  }

  @Override
  public StatusLight light() {
    return socket.pile.light();
  }

  @Override
  public void close() {}
}
