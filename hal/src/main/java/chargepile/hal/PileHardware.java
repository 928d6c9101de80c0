package chargepile.hal;

/** All that a pile touches, real or simulated. */
public interface PileHardware extends AutoCloseable {

  /** The meter's pulse outputs. */
  PulseInput pulses();

  /** The power contactor. */
  Contactor contactor();

  /** The plug sensor. */
  PlugSensor plug();

  /** The status light. */
  StatusLight light();

  /** Releases the contactor first, then everything else; may be called twice. */
  @Override
  void close();
}
