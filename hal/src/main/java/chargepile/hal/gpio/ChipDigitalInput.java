package chargepile.hal.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputBase;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.DigitalStateChangeEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Pi4J input that also tells the kernel's time stamp and number of every event.
 *
 * <p>States are electrical levels. Events wait in the kernel's buffer until {@link #start}, so none
 * is lost between the request and the first listener.
 */
final class ChipDigitalInput extends DigitalInputBase {
  private final Line line;
  private final LineReader reader;
  private volatile @Nullable Consumer<LineEvent> eventListener;
  private boolean started;

  ChipDigitalInput(
      DigitalInputProvider provider, DigitalInputConfig config, Line line, LineReader reader) {
    super(provider, config);
    this.line = line;
    this.reader = reader;
  }

  @Override
  public DigitalState state() {
    return DigitalState.getState(line.high());
  }

  /** Whether the event switched the input on, by its configured on state. */
  boolean on(LineEvent event) {
    return DigitalState.getState(event.rising()) == config().onState();
  }

  /**
   * Sets who gets each event, before Pi4J's listeners, on the reader's thread.
   *
   * @throws IllegalStateException when somebody does already
   */
  synchronized void listen(Consumer<LineEvent> listener) {
    if (eventListener != null) {
      throw new IllegalStateException(line + " has a listener already");
    }
    eventListener = listener;
    start();
  }

  /** Starts to read events; Pi4J's listeners, if wanted, belong before this. */
  synchronized void start() {
    if (!started) {
      started = true;
      reader.watch(line, this::accept);
    }
  }

  @Override
  public synchronized DigitalInput shutdown(Context context) {
    reader.unwatch(line);
    line.close();
    eventListener = null;
    return super.shutdown(context);
  }

  private void accept(LineEvent event) {
    Consumer<LineEvent> listener = eventListener;
    if (listener != null) {
      listener.accept(event);
    }
    if (hasListenersOrBindings()) {
      dispatch(new DigitalStateChangeEvent<>(this, DigitalState.getState(event.rising())));
    }
  }
}
