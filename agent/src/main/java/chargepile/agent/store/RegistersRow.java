package chargepile.agent.store;

/**
 * The meter's lifetime totals. The store refuses a commit in which one falls.
 *
 * @param importMwh energy from the grid in mWh, 0 or more
 * @param exportMwh energy into the grid in mWh, 0 or more
 */
public record RegistersRow(long importMwh, long exportMwh) {
  /** The registers of a new store. */
  public static final RegistersRow ZERO = new RegistersRow(0, 0);

  public RegistersRow {
    if (importMwh < 0 || exportMwh < 0) {
      throw new IllegalArgumentException(
          "a register below zero: import %d mWh, export %d mWh".formatted(importMwh, exportMwh));
    }
  }
}
