package chargepile.hal;

/** One of the two energy registers of the meter, each with a pulse output of its own. */
public enum Register {
  /** Energy that flows from the grid through the pile into the car. */
  IMPORT,
  /** Energy that flows from the car back through the pile (V2G). */
  EXPORT
}
