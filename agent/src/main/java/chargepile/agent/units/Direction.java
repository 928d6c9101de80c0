package chargepile.agent.units;

/** Which way energy flows through the pile's meter. */
public enum Direction {
  /** From the grid into the car: the driver pays the pile. */
  IMPORT,
  /** From the car into the grid (V2G): the pile pays the driver. */
  EXPORT
}
