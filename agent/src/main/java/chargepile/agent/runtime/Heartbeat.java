package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.units.BlockHeight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Says from time to time on the topic {@code heartbeat} that the pile is alive. It is said where
 * the pile does all its work, so a pile that hangs falls silent; retained values and the last will
 * would go on as if nothing were wrong.
 */
public final class Heartbeat implements AutoCloseable {
  private final Bus bus;
  private final Topics topics;
  private final Time time;
  private final Duration every;
  private final Supplier<BlockHeight> tip;
  private final Executor chainThread;
  private final PileNode pile;
  private final long sinceNanos;
  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile Optional<Integer> height = Optional.empty();
  private volatile boolean closed;

  /**
   * Begins at once, and with every connection.
   *
   * @param every between two of them
   * @param tip asks the chain for its height; throws {@link ChainException} when it can't
   * @param chainThread waits for {@code tip}
   */
  public Heartbeat(
      Bus bus,
      Topics topics,
      Time time,
      Duration every,
      Supplier<BlockHeight> tip,
      Executor chainThread,
      PileNode pile) {
    this.bus = bus;
    this.topics = topics;
    this.time = time;
    this.every = every;
    this.tip = tip;
    this.chainThread = chainThread;
    this.pile = pile;
    this.sinceNanos = time.nanos();
    bus.onConnection(
        up -> {
          if (up) {
            beat();
          }
        });
    next();
  }

  private void next() {
    if (!closed) {
      beat();
      var unused = time.schedule(every, this::next);
    }
  }

  private void beat() {
    if (asked.compareAndSet(false, true)) {
      chainThread.execute(this::look);
    }
    // What still waits to be said is not asked for again: a pile that hangs must not pile it up.
    if (!closed && due.compareAndSet(false, true)) {
      pile.inTurn(this::say);
    }
  }

  private void look() {
    asked.set(false);
    try {
      height = Optional.of(tip.get().value());
    } catch (ChainException e) {
      // The topic info says why; here it shows by a height that stands still.
      Logger.debug("no tip for the heartbeat: {}", e.getMessage());
    }
  }

  private void say() {
    due.set(false);
    Json.Fields fields =
        Json.object()
            .put("time", time.wall().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("uptime_s", (time.nanos() - sinceNanos) / 1_000_000_000)
            .put("every_s", every.toSeconds())
            .put(
                "phase",
                pile.state()
                    .session()
                    .map(session -> Json.of(session.phase().title()))
                    .orElse(Json.NULL))
            .put("block", height.map(Json::of).orElse(Json.NULL));
    bus.publish(
        topics.heartbeat(), fields.end().toString().getBytes(StandardCharsets.UTF_8), false);
  }

  @Override
  public void close() {
    closed = true;
  }
}
