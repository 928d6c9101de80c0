package chargepile.agent.cli.receipts;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.store.SettlementRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Settlement certificates as files for whoever wants to verify them. */
final class SettlementFiles {
  private SettlementFiles() {}

  /**
   * Writes a file for each certificate into {@code folder}, which is made if it is not there.
   *
   * @return the files that were written
   */
  static List<Path> write(List<SettlementRow> settlements, Path folder)
      throws CommandFailedException, IOException {
    if (settlements.isEmpty()) {
      throw new CommandFailedException(
          "no settlement certificate is signed by both yet: nothing was written");
    }
    Files.createDirectories(folder);
    List<Path> written = new ArrayList<>();
    for (SettlementRow settlement : settlements) {
      Path file = folder.resolve(name(settlement));
      ArmoredFile.write(file, ArmoredFile.Kind.SETTLEMENT, settlement.signed());
      written.add(file);
    }
    return written;
  }

  static String name(SettlementRow settlement) {
    return "settlement-%s-%s.pem"
        .formatted(settlement.session(), settlement.direction().name().toLowerCase(Locale.ROOT));
  }
}
