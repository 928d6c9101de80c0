package chargepile.hal;

import java.util.function.Consumer;

/** The pulse outputs of the meter, both registers together. */
public interface PulseInput extends AutoCloseable {

  /**
   * Delivers every edge from now on, in the order of each line; a real line first hands over what
   * its kernel buffer holds since the hardware was opened.
   *
   * @param listener called on the hardware's own thread; must only enqueue and never block
   * @throws IllegalStateException when there is a listener already
   */
  void listen(Consumer<Edge> listener);

  /** Stops delivery; never hangs, may be called twice. */
  @Override
  void close();
}
