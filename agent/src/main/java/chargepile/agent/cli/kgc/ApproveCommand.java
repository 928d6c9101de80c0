package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.RegistrationRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc approve}. */
@Command(
    name = "approve",
    sortOptions = false,
    description = {
      "Issue what a request that waits asks for; a serving centre sends it at once.",
      "One that was denied by mistake is named by its fingerprint."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ApproveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "REQUEST",
      description = "Which request: its fingerprint, or the id where only one asks for it.")
  private String name;

  @Mixin private IssueOptions options;
  @Mixin private PassphraseOption passphrase;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    Issuing.Terms terms = options.terms();
    Pairing pairing = Pairing.best();
    char[] secret = passphrase.known(); // typed before the folder is locked
    PrintWriter out = spec.commandLine().getOut();
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      RegistrationRequest request = WaitingRequests.named(kgc, name, true, pairing);
      Issuing.Issued issued =
          new Issuing(kgc, Signer.best(), pairing, new SecureRandom())
              .issue(request, terms, () -> kgc.centre(secret, pairing), Instant.now());
      kgc.pending().remove(request.encode());
      Lines.issued(out, request, issued, pairing);
      Lines.newListNeeded(out, terms, folder);
    }
    out.flush();
    return 0;
  }
}
