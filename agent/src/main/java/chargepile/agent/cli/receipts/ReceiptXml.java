package chargepile.agent.cli.receipts;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.ocmf.MalformedRecordException;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.ReceiptFile;
import chargepile.agent.store.ReceiptRow;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Receipts as files for the S.A.F.E. transparency software. */
final class ReceiptXml {
  private ReceiptXml() {}

  /**
   * Writes all records into {@code to}, or, when that is a folder, those of each session into a
   * file of its own; a file that is there is written anew.
   *
   * @return the files that were written
   */
  static List<Path> write(List<ReceiptRow> receipts, Path to)
      throws CommandFailedException, IOException {
    List<Path> written = new ArrayList<>();
    List<ReceiptFile.Entry> all = new ArrayList<>();
    for (ReceiptRow receipt : receipts) {
      List<ReceiptFile.Entry> entries = entries(receipt);
      all.addAll(entries);
      if (Files.isDirectory(to) && !entries.isEmpty()) {
        written.add(write(to.resolve("session-%s.xml".formatted(receipt.session())), entries));
      }
    }
    if (all.isEmpty()) {
      throw new CommandFailedException(
          "no session with a signed meter record has ended yet: nothing was written");
    }
    if (!Files.isDirectory(to)) {
      written.add(write(to, all));
    }
    return written;
  }

  private static Path write(Path file, List<ReceiptFile.Entry> entries) throws IOException {
    return Files.writeString(file, ReceiptFile.write(entries), StandardCharsets.UTF_8);
  }

  private static List<ReceiptFile.Entry> entries(ReceiptRow receipt) throws CommandFailedException {
    List<ReceiptFile.Entry> entries = new ArrayList<>();
    try {
      for (String record : records(receipt)) {
        entries.add(
            new ReceiptFile.Entry(MeterRecord.parse(record), new PublicKey(receipt.meterKey())));
      }
    } catch (MalformedRecordException e) {
      throw new CommandFailedException(
          "the record of session %s can't be read: %s".formatted(receipt.session(), e.getMessage()),
          e);
    }
    return entries;
  }

  /** The texts of a receipt's records; none when the meter signed none. */
  static List<String> records(ReceiptRow receipt) {
    String text = text(receipt);
    return text.isEmpty() || receipt.meterKey().isEmpty() ? List.of() : text.lines().toList();
  }

  static String text(ReceiptRow receipt) {
    return new String(receipt.meterRecord().toByteArray(), StandardCharsets.UTF_8);
  }
}
