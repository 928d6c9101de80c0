package chargepile.agent.cli.doctor;

import java.util.List;

/** A check that was made. */
record Outcome(String check, List<Finding> findings) {
  Outcome {
    findings = List.copyOf(findings);
  }
}
