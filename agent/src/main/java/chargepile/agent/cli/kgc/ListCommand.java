package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.runtime.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc list}. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Say who is registered, once the audit log is found whole; needs no passphrase.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Instant now = Instant.now();
    Pairing pairing = Pairing.best();
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      List<Register.Issue> issues = kgc.register().issues();
      int waiting = WaitingRequests.all(kgc, pairing).size();
      if (json) {
        out.println(
            Json.object()
                .put("kgc", kgc.parameters().name().value())
                .put("fingerprint", kgc.parameters().id().toHex())
                .put("waiting", waiting)
                .put("log_head", kgc.logHead())
                .put(
                    "issued",
                    Json.array(issues.stream().map(issue -> Lines.json(issue, now)).toList()))
                .end());
      } else {
        out.printf(
            "%s, fingerprint %s: %d issued, %d waiting%n",
            kgc.parameters().name(), kgc.parameters().id().toHex(), issues.size(), waiting);
        issues.forEach(issue -> Lines.issue(out, issue, now));
        out.printf("audit log: %s%n", kgc.logHead());
      }
    }
    out.flush();
    return 0;
  }
}
