package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc seal}. */
@Command(
    name = "seal",
    sortOptions = false,
    description = {
      "Seal the audit log of a folder that has no " + LogSeal.NAME + ", one from before logs were",
      "sealed, as it is now. Every other command keeps the seal by itself."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SealCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Option(
      names = "--head",
      paramLabel = "LINE",
      required = true,
      description =
          "Number and hash that the last kgc export said after \"audit log:\". The log is checked"
              + " up to there.")
  private String head;

  @Mixin private PassphraseOption passphrase;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    char[] secret = passphrase.known(); // typed before the folder is locked
    PrintWriter out = spec.commandLine().getOut();
    try (KgcFolder kgc = KgcFolder.open(folder, Pairing.best())) {
      List<AuditLog.Line> unchecked = kgc.seal(secret, head.strip(), Pairing.best());
      out.printf("sealed: %s%n", kgc.logHead());
      if (!unchecked.isEmpty()) {
        out.printf(
            "%d lines came after the one you gave, and nothing shows who wrote them: look at the"
                + " end of chargepile kgc list %s%n",
            unchecked.size(), folder);
      }
    }
    out.flush();
    return 0;
  }
}
