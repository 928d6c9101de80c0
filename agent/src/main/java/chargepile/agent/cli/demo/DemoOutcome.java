package chargepile.agent.cli.demo;

import java.util.Locale;

/** How the demo's channel ended. */
public enum DemoOutcome {
  COOPERATIVE_CLOSE,
  UNILATERAL_CLOSE,
  BREACH_REMEDIED,
  STALE_CLOSE_ANSWERED;

  /** The name in JSON. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
