package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.RegistrationRequest;
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

/** {@code chargepile kgc pending}. */
@Command(
    name = "pending",
    sortOptions = false,
    description = {
      "Say which requests wait for the operator. Before one is approved, compare its fingerprint",
      "with the one that chargepile register printed on the device."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PendingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    Pairing pairing = Pairing.best();
    PrintWriter out = spec.commandLine().getOut();
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      List<RegistrationRequest> requests = WaitingRequests.all(kgc, pairing);
      if (json) {
        out.println(Json.array(requests.stream().map(Lines::json).toList()));
      } else if (requests.isEmpty()) {
        out.println("no request waits");
      } else {
        for (RegistrationRequest request : requests) {
          Lines.request(out, request);
          if (kgc.register().answer(request, Instant.now())
              instanceof Register.Answer.Taken(Register.Issue by, String why)) {
            out.printf("    %s; approve --reissue=%d gives it a new key%n", why, by.serial());
          }
        }
      }
    }
    out.flush();
    return 0;
  }
}
