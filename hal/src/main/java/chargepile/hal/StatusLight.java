package chargepile.hal;

/** The pile's status light. Safe to call from any thread. */
public interface StatusLight {

  /** Shows a pattern until the next call; returns at once. */
  void show(Light light);
}
