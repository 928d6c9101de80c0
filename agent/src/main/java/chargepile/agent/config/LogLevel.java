package chargepile.agent.config;

/** From the most to the least said. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR
}
