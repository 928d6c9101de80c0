package chargepile.agent.web;

import java.util.ArrayList;
import java.util.List;

/**
 * All that can be shown of a pile at a moment.
 *
 * @param curve of the session under way, or of the last one
 */
record Picture(Nameplate plate, Snapshot now, PowerCurve curve, Tally tally) {
  /** Why the pile is not fit to sell, a line each; empty when it is. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    now.failure().ifPresent(why -> problems.add("the pile has stopped: " + why));
    if (isSilent()) {
      problems.add("no answer for %d s".formatted(now.silence().toSeconds()));
    }
    now.faults().forEach(fault -> problems.add("fault: " + fault.name() + ": " + fault.remedy()));
    if (!now.brokerConnected()) {
      problems.add("no connection to the broker");
    }
    now.watch().trouble().ifPresent(why -> problems.add("the chain is out of sight: " + why));
    return problems;
  }

  /** Whether the pile hangs, so that all that it last said is old. */
  boolean isSilent() {
    return now.silence().compareTo(Lookout.STALE) >= 0;
  }
}
