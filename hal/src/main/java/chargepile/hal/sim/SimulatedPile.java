package chargepile.hal.sim;

import chargepile.hal.Contactor;
import chargepile.hal.Edge;
import chargepile.hal.FailureNotice;
import chargepile.hal.HeatSensor;
import chargepile.hal.Light;
import chargepile.hal.PileHardware;
import chargepile.hal.PlugSensor;
import chargepile.hal.PulseInput;
import chargepile.hal.Register;
import chargepile.hal.StatusLight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pile under virtual time. The car draws along its trace only while the contactor conducts and
 * the plug is in; otherwise trace time stands still while virtual time goes on.
 *
 * <p>The ports are safe to use from any thread. One thread at a time steps (a {@link Player} or a
 * test); the listeners are called on it.
 */
public final class SimulatedPile implements PileHardware {
  private static final String LINES_LOST =
      "the simulated lines are lost, as scripted; restart the agent";

  private final SimulatedClock clock;
  private final Disturbances disturbances;
  private final MeterFlow flow;
  private final Map<Register, SimulatedLine> lines = new EnumMap<>(Register.class);
  private final List<SimulatedClock.Timer> script = new ArrayList<>();
  private final Pulses pulses = new Pulses();
  private final SimulatedContactor contactor;
  private final SimulatedSwitch plug = new SimulatedSwitch("plug sensor");
  private final SimulatedSwitch heat = new SimulatedSwitch("heat sensor");
  private final FailureNotice failure = new FailureNotice();

  // Guarded by this.
  private boolean closed;
  private boolean failed;
  private Light light = Light.OFF;
  private @Nullable Consumer<Edge> edgeListener;

  private SimulatedPile(Builder builder) {
    this.clock = builder.clock;
    this.disturbances = builder.disturbances;
    this.flow =
        new MeterFlow(
            clock,
            new TraceCursor(builder.trace, builder.meter.impPerKwh()),
            register -> line(register).pulse());
    this.contactor =
        new SimulatedContactor(
            this,
            clock,
            disturbances,
            builder.openingDelay,
            builder.auxiliaryContact,
            this::updateCircuit);
    long width = builder.meter.pulseWidth().toNanos();
    builder.meter.requireFits(
        builder.trace, 2 * width + Disturbances.MAX_BOUNCE_NANOS * 2 * disturbances.bounces());
    for (Register register : Register.values()) {
      lines.put(
          register, new SimulatedLine(register, clock, disturbances, width, this::deliverEdge));
    }
  }

  /** Starts a pile with this car and this meter. */
  public static Builder builder(PowerTrace trace, S0Meter meter) {
    return new Builder(trace, meter);
  }

  @Override
  public PulseInput pulses() {
    return pulses;
  }

  @Override
  public Contactor contactor() {
    return contactor;
  }

  @Override
  public PlugSensor plug() {
    return plug.asPlug();
  }

  @Override
  public HeatSensor heat() {
    return heat.asHeat();
  }

  @Override
  public StatusLight light() {
    return this::show;
  }

  @Override
  public void onFailure(Consumer<String> listener) {
    failure.listen(listener);
  }

  /** The virtual time this pile lives in. */
  public SimulatedClock clock() {
    return clock;
  }

  /**
   * Advances to the next happening (pulse edge, change of power, timer, plug) and runs it.
   *
   * @return whether there was one
   */
  public boolean step() {
    return clock.step();
  }

  /** Advances virtual time by this much, with all that happens in it. */
  public void advance(Duration duration) {
    clock.advance(duration);
  }

  /** Plugs the car in now; on the stepping thread. */
  public void plugIn() {
    changePlug(true);
  }

  /** Pulls the plug now; on the stepping thread. */
  public void unplug() {
    changePlug(false);
  }

  /** It is too hot from now on, or no more; on the stepping thread. */
  public void heat(boolean tooHot) {
    heat.set(tooHot);
  }

  /**
   * Pulses, plug and heat cannot be read from now on, though they go on; on the stepping thread.
   */
  public void fail(String what) {
    synchronized (this) {
      failed = true;
      plug.cut();
      heat.cut();
      contactor.fail();
    }
    failure.tell(what);
  }

  /** Another car of the same kind: its trace begins anew, the meter counts on. */
  public void nextCar() {
    flow.rewind();
  }

  /** What the light shows. */
  public synchronized Light shownLight() {
    return light;
  }

  /** Whether current can flow through the contactor, whatever was commanded. */
  public boolean conducting() {
    return contactor.conducts();
  }

  /** The power that flows now, in milliwatts; negative is export. */
  public long milliwatts() {
    return flow.milliwatts();
  }

  /** Whether the car is done: the trace has been drawn to its end. */
  public boolean traceEnded() {
    return flow.ended();
  }

  /** What the meter really counted since the start, in whole milliwatt-hours. */
  public long milliWattHours(Register register) {
    return flow.milliWattHours(register);
  }

  /** How many pulses the meter really gave, before any disturbance. */
  public long meterPulses(Register register) {
    return flow.pulses(register);
  }

  @Override
  public void close() {
    contactor.release();
    synchronized (this) {
      closed = true;
      script.forEach(SimulatedClock.Timer::cancel);
      edgeListener = null;
      plug.forgetListener();
      heat.forgetListener();
      updateCircuit();
    }
  }

  private synchronized void start(Builder builder) {
    if (builder.plugInAt != null) {
      Duration at = builder.plugInAt.plus(disturbances.plugDelay());
      script.add(clock.schedule(at, this::plugIn));
    }
    if (builder.unplugAt != null) {
      script.add(clock.schedule(builder.unplugAt, this::unplug));
    }
    if (disturbances.linesLostAt() != null) {
      script.add(clock.schedule(disturbances.linesLostAt(), () -> fail(LINES_LOST)));
    }
    for (Disturbances.Heat hot : disturbances.heats()) {
      script.add(clock.schedule(hot.at(), () -> heat(true)));
      script.add(clock.schedule(hot.at().plus(hot.lasting()), () -> heat(false)));
    }
    for (Disturbances.Spike spike : disturbances.spikes()) {
      long width = spike.width().toNanos();
      script.add(clock.schedule(spike.at(), () -> line(spike.register()).spike(width)));
    }
  }

  private SimulatedLine line(Register register) {
    SimulatedLine line = lines.get(register);
    if (line == null) {
      throw new IllegalStateException("no line for " + register);
    }
    return line;
  }

  private synchronized void show(Light next) {
    light = next;
  }

  private void updateCircuit() {
    flow.circuit(contactor.conducts() && plug.isOn() && !closed);
  }

  private void deliverEdge(Edge edge) {
    Consumer<Edge> listener;
    synchronized (this) {
      listener = failed ? null : edgeListener;
    }
    if (listener != null) {
      listener.accept(edge);
    }
  }

  private void changePlug(boolean in) {
    synchronized (this) {
      if (!plug.move(in)) {
        return;
      }
      updateCircuit();
    }
    plug.tell();
  }

  private final class Pulses implements PulseInput {
    @Override
    public void listen(Consumer<Edge> listener) {
      synchronized (SimulatedPile.this) {
        if (edgeListener != null) {
          throw new IllegalStateException("the pulse input has a listener already");
        }
        edgeListener = listener;
      }
    }

    @Override
    public void close() {
      synchronized (SimulatedPile.this) {
        edgeListener = null;
      }
    }
  }

  /** Puts a simulated pile together. */
  public static final class Builder {
    private final PowerTrace trace;
    private final S0Meter meter;
    private SimulatedClock clock = new SimulatedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private Disturbances disturbances = Disturbances.none();
    private Duration openingDelay = Duration.ofMillis(30);
    private boolean auxiliaryContact = true;
    private @Nullable Duration plugInAt = Duration.ofSeconds(1);
    private @Nullable Duration unplugAt;

    private Builder(PowerTrace trace, S0Meter meter) {
      this.trace = trace;
      this.meter = meter;
    }

    /** Lives in this virtual time; 2026 from its first second unless given. */
    public Builder clock(SimulatedClock value) {
      clock = value;
      return this;
    }

    /** What goes wrong; nothing unless given. */
    public Builder disturbances(Disturbances value) {
      disturbances = value;
      return this;
    }

    /** How long the contactor still conducts after a release; 30 ms unless given. */
    public Builder openingDelay(Duration value) {
      openingDelay = value;
      return this;
    }

    /**
     * Whether the auxiliary contact is wired, so that a weld can be read back; yes unless given.
     */
    public Builder auxiliaryContact(boolean wired) {
      auxiliaryContact = wired;
      return this;
    }

    /** When the car is plugged in, from now; after 1 s unless given, null for by hand. */
    public Builder plugInAt(@Nullable Duration value) {
      plugInAt = value;
      return this;
    }

    /** When the plug is pulled, from now; never unless given. */
    public Builder unplugAt(@Nullable Duration value) {
      unplugAt = value;
      return this;
    }

    /**
     * Builds the pile and schedules its script.
     *
     * @throws IllegalArgumentException when the meter cannot signal the trace's peak power
     */
    public SimulatedPile build() {
      SimulatedPile pile = new SimulatedPile(this);
      pile.start(this);
      return pile;
    }
  }
}
