package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.PartyId;
import chargepile.agent.runtime.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc revoke}. */
@Command(
    name = "revoke",
    sortOptions = false,
    description = {
      "Revoke a certificate. Piles and drivers know once they have the list of kgc export, and a"
          + " registry on an",
      "EVM chain once somebody has brought it there (market revoke); what was signed before the"
          + " revocation still holds."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RevokeCommand implements Callable<Integer> {
  private static final int LONGEST_REASON = 200;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "Whose certificate: the last one issued to it.")
  private @Nullable String id;

  @Option(
      names = "--serial",
      paramLabel = "N",
      description = "The certificate of this serial number instead.")
  private @Nullable Long serial;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for the log; the exported list says no reasons.")
  private String reason;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "From when on nothing it signs holds, such as 2030-01-31T12:00:00Z (default: now). For a"
              + " key that was stolen, when that was.")
  private @Nullable Instant since;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    Instant now = Instant.now();
    Instant from = (since == null ? now : since).truncatedTo(ChronoUnit.SECONDS);
    if (from.isAfter(now)) {
      throw new CommandFailedException("--since %s has not come yet".formatted(from));
    }
    if (reason.isBlank() || reason.length() > LONGEST_REASON) {
      throw new CommandFailedException(
          "--reason: use 1 to %d characters".formatted(LONGEST_REASON));
    }
    try (KgcFolder kgc = KgcFolder.open(folder, Pairing.best())) {
      Register.Issue issue = issue(kgc.register());
      if (issue.gone().isPresent() && !from.isBefore(issue.gone().get().since())) {
        throw new CommandFailedException(
            "serial %d of %s is revoked already, since %s: %s"
                .formatted(
                    issue.serial(),
                    issue.party(),
                    issue.gone().get().since(),
                    issue.gone().get().reason()));
      }
      Map<String, Json> fields = new LinkedHashMap<>();
      fields.put("serial", Json.of(issue.serial()));
      fields.put("id", Json.of(issue.party().value()));
      fields.put("since", Json.of(from.toString()));
      fields.put("reason", Json.of(reason));
      kgc.record(now, Register.REVOKED, fields);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s, serial %d, is revoked since %s. Piles and drivers need the new list,"
              + " and so does a registry on an EVM chain:%n  chargepile kgc export %s --to DIR%n",
          issue.party(), issue.serial(), from, folder);
      out.flush();
    }
    return 0;
  }

  private Register.Issue issue(Register register) throws CommandFailedException {
    if ((id == null) == (serial == null)) {
      throw new CommandFailedException("which certificate? Give either an id or --serial");
    }
    Optional<Register.Issue> found =
        serial == null ? register.latest(party(String.valueOf(id))) : register.bySerial(serial);
    return found.orElseThrow(
        () ->
            new CommandFailedException(
                "%s was never issued; chargepile kgc list %s says what was"
                    .formatted(
                        serial == null ? "a certificate of " + id : "serial " + serial, folder)));
  }

  private static PartyId party(String name) throws CommandFailedException {
    try {
      return new PartyId(name);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("\"%s\": %s".formatted(name, e.getMessage()), e);
    }
  }
}
