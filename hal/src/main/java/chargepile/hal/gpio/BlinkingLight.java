package chargepile.hal.gpio;

import chargepile.hal.Light;
import chargepile.hal.StatusLight;
import com.pi4j.io.gpio.digital.DigitalOutput;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A single LED that blinks by a thread of its own. */
final class BlinkingLight implements StatusLight, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlinkingLight.class);

  /** Half of the fast period (4 Hz); the slow one (1 Hz) is four times as long. */
  private static final long TICK_MILLIS = 125;

  private static final int SLOW_TICKS = 4;

  private final DigitalOutput led;
  private final ScheduledExecutorService ticker;
  private final ScheduledFuture<?> ticking;
  private Light light = Light.OFF;
  private int tick;
  private boolean lit;
  private boolean closed;

  BlinkingLight(DigitalOutput led) {
    this.led = led;
    this.ticker =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("status-light").daemon().factory());
    this.ticking =
        ticker.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void show(Light next) {
    light = next;
    tick = 0;
    refresh();
  }

  @Override
  public void close() {
    ticking.cancel(false);
    ticker.shutdown();
    synchronized (this) {
      light = Light.OFF;
      refresh();
      closed = true;
    }
  }

  private synchronized void tick() {
    tick++;
    try {
      refresh();
    } catch (RuntimeException e) {
      // The light is not worth a charge: say it and go on trying.
      LOG.warn("status light: {}", e.getMessage(), e);
    }
  }

  private void refresh() {
    boolean on =
        switch (light) {
          case OFF -> false;
          case READY -> true;
          case CHARGING -> tick / SLOW_TICKS % 2 == 0;
          case FAULT -> tick % 2 == 0;
        };
    if (on != lit && !closed) {
      if (on) {
        led.on();
      } else {
        led.off();
      }
      lit = on;
    }
  }
}
