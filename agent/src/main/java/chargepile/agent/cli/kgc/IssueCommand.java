package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.RegistrationRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc issue}. */
@Command(
    name = "issue",
    sortOptions = false,
    description = {
      "Answer a request of chargepile register: the certificate, and the centre's part of the"
          + " identity key,",
      "which only the device that asked can open. The same request has the same reply, however"
          + " often."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class IssueCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "REQUEST", description = "The device's request.")
  private Path file;

  @Option(
      names = "--fingerprint",
      paramLabel = "F",
      description = {
        "The request's fingerprint, which register printed on the device: learn it from its owner",
        "by another way than the file came. A file that has another one is refused. Without this,",
        "what the file asks for is printed and nothing is issued."
      })
  private @Nullable String fingerprint;

  @Option(
      names = "--reply",
      paramLabel = "FILE",
      description = "Where the reply goes (default: beside the request, ending in .reply).")
  private @Nullable Path reply;

  @Mixin private IssueOptions options;
  @Mixin private PassphraseOption passphrase;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    Issuing.Terms terms = options.terms();
    Pairing pairing = Pairing.best();
    RegistrationRequest request = IdentityFile.request(file, pairing);
    PrintWriter out = spec.commandLine().getOut();
    Lines.request(out, request);
    out.flush();
    requireMeant(request);
    char[] secret = passphrase.known(); // typed before the folder is locked
    Issuing.Issued issued;
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      issued =
          new Issuing(kgc, Signer.best(), pairing, new SecureRandom())
              .issue(request, terms, () -> kgc.centre(secret, pairing), Instant.now());
    }
    Path to = reply == null ? replyTo() : reply;
    ArmoredFile.write(to, ArmoredFile.Kind.REPLY, issued.issue().reply());
    Lines.issued(out, request, issued, pairing);
    Lines.newListNeeded(out, terms, folder);
    out.printf("%s: bring it to the device: chargepile register … --reply %s%n", to, to);
    out.flush();
    return 0;
  }

  private void requireMeant(RegistrationRequest request) throws CommandFailedException {
    if (fingerprint == null) {
      throw new CommandFailedException(
          "nothing was issued: if %s asks for what it should, say --fingerprint with the one that its owner read on the device"
              .formatted(file));
    }
    if (!request.fingerprint().equals(fingerprint.strip().toLowerCase(Locale.ROOT))) {
      throw new CommandFailedException(
          "%s has the fingerprint %s and not %s: it is another request than the device made, or a number was misread; nothing was issued"
              .formatted(file, request.fingerprint(), fingerprint));
    }
  }

  private Path replyTo() {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.request$", "");
    return file.resolveSibling(name + ".reply");
  }
}
