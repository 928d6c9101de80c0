package chargepile.agent.cli.doctor;

import java.time.Duration;
import java.util.List;

/** Something to look at. It changes nothing, and ends when its thread is interrupted. */
interface Check {
  /** For what answers at once or not at all. */
  Duration USUAL_LIMIT = Duration.ofSeconds(20);

  /** One word, or two. */
  String name();

  /** How long it may take; what takes longer hangs. */
  default Duration limit() {
    return USUAL_LIMIT;
  }

  /**
   * Looks and judges.
   *
   * @return at least one finding
   * @throws Exception what it did not expect; told as a failure with the exception's message
   */
  List<Finding> look() throws Exception;
}
