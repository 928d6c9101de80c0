package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.SecretFile;
import java.io.Console;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the passphrase of the KGC's master key comes from: a file, or whoever sits there. */
final class PassphraseOption {
  private static final String CREDENTIAL = "credential:";

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "The file with the passphrase of the master key, or credential:NAME; without it, it is"
              + " asked for.")
  private @Nullable String file;

  /** The passphrase of a key that is there. */
  char[] known() throws CommandFailedException {
    return file == null ? ask("Passphrase of the KGC's master key: ") : read(file);
  }

  /** A passphrase for a new key; whoever types it types it twice. */
  char[] chosen() throws CommandFailedException {
    if (file != null) {
      return read(file);
    }
    char[] first = ask("A passphrase for the KGC's master key: ");
    if (!Arrays.equals(first, ask("The same again: "))) {
      throw new CommandFailedException("the two passphrases differ; nothing was made");
    }
    return first;
  }

  private static char[] read(String name) throws CommandFailedException {
    if (!name.startsWith(CREDENTIAL)) {
      return SecretFile.read(Path.of(name)).toCharArray();
    }
    String folder = System.getenv("CREDENTIALS_DIRECTORY");
    if (folder == null) {
      throw new CommandFailedException(
          "--passphrase-file %s: the service manager handed over no credentials; it does where a unit lists them (LoadCredential=)"
              .formatted(name));
    }
    return SecretFile.read(Path.of(folder, name.substring(CREDENTIAL.length()))).toCharArray();
  }

  private static char[] ask(String what) throws CommandFailedException {
    Console console = System.console();
    char[] typed = console == null || !console.isTerminal() ? null : console.readPassword(what);
    if (typed == null) {
      throw new CommandFailedException(
          "the master key is sealed, and nobody sits here to be asked: give --passphrase-file");
    }
    if (typed.length == 0) {
      throw new CommandFailedException("an empty passphrase protects nothing; nothing was done");
    }
    return typed;
  }
}
