package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.SeedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The seed: there if the store is, for its owner's eyes only, and opened by the passphrase. */
final class SeedCheck implements Check {
  private final Subject subject;

  SeedCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "seed";
  }

  @Override
  public List<Finding> look() throws IOException {
    subject.requireVisible();
    if (!Files.exists(subject.seed()) && !Files.exists(subject.store())) {
      return List.of(Finding.ok("there is none yet: the first start makes it"));
    }
    try {
      var unused = SeedFile.existing(subject.seed(), subject.config().pile().passphraseFile());
      return List.of(
          Finding.ok("%s can be used, and only its owner may read it".formatted(subject.seed())));
    } catch (CommandFailedException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()),
              "the daemon does not start without it; put back the copy that was kept elsewhere, if"
                  + " it is the file itself"));
    }
  }
}
