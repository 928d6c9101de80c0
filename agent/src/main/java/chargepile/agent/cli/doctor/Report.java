package chargepile.agent.cli.doctor;

import chargepile.agent.runtime.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How outcomes are told. */
final class Report {
  private Report() {}

  /** A line a finding, and one below with what to do. */
  static void print(PrintWriter out, Outcome outcome) {
    String name = outcome.check();
    for (Finding finding : outcome.findings()) {
      out.printf("%-7s  %-13s  %s%n", finding.verdict(), name, finding.what());
      if (!finding.advice().isEmpty()) {
        out.printf("%-7s  %-13s  -> %s%n", "", "", finding.advice());
      }
      name = "";
    }
    out.flush();
  }

  /** How many of each. */
  static String sum(List<Outcome> outcomes) {
    return Stream.of(Verdict.values())
        .map(verdict -> "%d %s".formatted(count(outcomes, verdict), verdict))
        .collect(Collectors.joining(", "));
  }

  static boolean isWell(List<Outcome> outcomes) {
    return count(outcomes, Verdict.FAIL) == 0;
  }

  static Json json(Path file, List<Outcome> outcomes) {
    return Json.object()
        .put("file", file.toString())
        .put("ok", isWell(outcomes))
        .put(
            "findings",
            Json.array(
                outcomes.stream()
                    .flatMap(
                        outcome ->
                            outcome.findings().stream()
                                .map(finding -> json(outcome.check(), finding)))
                    .toList()))
        .end();
  }

  private static Json json(String check, Finding finding) {
    return Json.object()
        .put("check", check)
        .put("verdict", finding.verdict().name())
        .put("what", finding.what())
        .put("advice", finding.advice())
        .end();
  }

  private static long count(List<Outcome> outcomes, Verdict verdict) {
    return outcomes.stream()
        .flatMap(outcome -> outcome.findings().stream())
        .filter(finding -> finding.verdict() == verdict)
        .count();
  }
}
