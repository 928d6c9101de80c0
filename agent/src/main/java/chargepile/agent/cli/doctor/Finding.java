package chargepile.agent.cli.doctor;

/**
 * What a check found.
 *
 * @param what one line: what was seen, and where
 * @param advice one line: what to do; empty when there is nothing to do
 */
record Finding(Verdict verdict, String what, String advice) {
  Finding {
    what = line(what);
    advice = line(advice);
  }

  static Finding ok(String what) {
    return new Finding(Verdict.OK, what, "");
  }

  static Finding skipped(String why) {
    return new Finding(Verdict.SKIPPED, why, "");
  }

  static Finding warn(String what, String advice) {
    return new Finding(Verdict.WARN, what, advice);
  }

  static Finding fail(String what, String advice) {
    return new Finding(Verdict.FAIL, what, advice);
  }

  private static String line(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
  }
}
