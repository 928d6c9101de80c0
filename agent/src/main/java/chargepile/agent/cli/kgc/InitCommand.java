package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.PartyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc init}. */
@Command(
    name = "init",
    sortOptions = false,
    description = {
      "Make a key generation centre in a new folder: master key, public parameters, audit log.",
      "The master key is sealed under a passphrase (Argon2id, AES-256-GCM)."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class InitCommand implements Callable<Integer> {
  /** A name of a party that a topic and an address can have. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "FOLDER",
      description =
          "A new folder. Keep it off piles and brokers: who has it and the passphrase can register"
              + " anybody.")
  private Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "kgc",
      description =
          "The centre's name, which stands in its parameters and in the topics of kgc serve"
              + " (default ${DEFAULT-VALUE}).")
  private String name;

  @Mixin private PassphraseOption passphrase;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PartyId party = party();
    KgcParameters parameters =
        KgcFolder.create(folder, party, passphrase.chosen(), new SecureRandom(), Pairing.best());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        """
        The key generation centre %s, in %s:
          %s  the master key; keep the folder and its passphrase apart, and a copy of each
          %s  what all may know; its fingerprint, to compare: %s
          %s  all that is done

        Its parameters go to piles and drivers:
          chargepile kgc export %s --to .
        They ask with chargepile register --kgc kgc.pem --request FILE, and get an answer from:
          chargepile kgc issue %s FILE --fingerprint F --reply REPLY
        register prints both fingerprints: the centre's is as above, and F is the request's.
        """,
        parameters.name(),
        folder,
        KgcFolder.MASTER,
        KgcFolder.PARAMETERS,
        parameters.id().toHex(),
        AuditLog.NAME,
        folder,
        folder);
    out.flush();
    return 0;
  }

  private PartyId party() throws CommandFailedException {
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailedException(
          "--name \"%s\": use 1 to 32 of a-z, 0-9, _ and -, and begin with a letter or digit"
              .formatted(name));
    }
    return new PartyId(name);
  }
}
