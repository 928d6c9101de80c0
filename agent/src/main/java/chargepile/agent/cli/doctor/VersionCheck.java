package chargepile.agent.cli.doctor;

import chargepile.agent.crypto.Signer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What it runs on, and whether the native library signs. */
final class VersionCheck implements Check {
  private final String program;

  VersionCheck(String program) {
    this.program = program;
  }

  @Override
  public String name() {
    return "version";
  }

  @Override
  public List<Finding> look() {
    List<String> reasons = new ArrayList<>();
    String signer = Signer.best(reasons::add).name();
    String where =
        "%s on %s %s, %s"
            .formatted(
                program,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"));
    return List.of(judge(where, signer, reasons.stream().findFirst()));
  }

  static Finding judge(String where, String signer, Optional<String> whyNotNative) {
    String what = "%s, signs with %s".formatted(where, signer);
    return whyNotNative
        .map(
            why ->
                Finding.warn(
                    what + ", which is slower: " + why,
                    "install the package of this machine's architecture (x86-64 or arm64), and"
                        + " let the program write its temporary folder"))
        .orElseGet(() -> Finding.ok(what));
  }
}
