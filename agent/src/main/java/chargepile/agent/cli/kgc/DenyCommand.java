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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc deny}. */
@Command(
    name = "deny",
    sortOptions = false,
    description = {
      "Refuse a request that waits; the device is told, now and when it asks the same again.",
      "A request that was denied by mistake can still be approved, by its fingerprint."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class DenyCommand implements Callable<Integer> {
  private static final int LONGEST_REASON = 200;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "REQUEST",
      description = "Which request: its fingerprint, or the id where only one asks for it.")
  private String name;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "the operator refused it",
      description = "What the device is told.")
  private String reason;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    if (reason.isBlank()
        || reason.length() > LONGEST_REASON
        || reason.codePoints().anyMatch(Character::isISOControl)) {
      throw new CommandFailedException(
          "--reason: use 1 to %d characters, on one line".formatted(LONGEST_REASON));
    }
    Pairing pairing = Pairing.best();
    PrintWriter out = spec.commandLine().getOut();
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      RegistrationRequest request = WaitingRequests.named(kgc, name, false, pairing);
      Map<String, Json> fields = new LinkedHashMap<>();
      fields.put("id", Json.of(request.subject().party().value()));
      fields.put("reason", Json.of(reason));
      fields.put("request", Json.of(request.encode().toHex()));
      kgc.record(Instant.now(), Register.DENIED, fields);
      kgc.pending().remove(request.encode());
      out.printf(
          "the request %s of %s is refused%n", request.fingerprint(), request.subject().party());
    }
    out.flush();
    return 0;
  }
}
