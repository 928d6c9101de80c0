package chargepile.agent.config;

/**
 * Something wrong in a configuration file.
 *
 * @param file as the operator named it
 * @param line from 1
 * @param column from 1
 * @param key dotted, such as {@code meter.impulses_per_kwh}; empty for a syntax error
 * @param message what is wrong and what is allowed
 */
public record Problem(String file, int line, int column, String key, String message) {
  /** {@code file:line:column: key: message}. */
  @Override
  public String toString() {
    String place = "%s:%d:%d: ".formatted(file, line, column);
    return key.isEmpty() ? place + message : place + key + ": " + message;
  }
}
