package chargepile.agent.cli;

import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.ocmf.MalformedRecordException;
import chargepile.agent.ocmf.MeterPublicKey;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.ObisCode;
import chargepile.agent.ocmf.Payload;
import chargepile.agent.ocmf.ReceiptFile;
import chargepile.agent.ocmf.Transaction;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile verify-receipt}. */
@Command(
    name = "verify-receipt",
    sortOptions = false,
    description = {
      "Verify the signed meter records in a file: XML as `driver receipts --xml` writes it, or OCMF"
          + " text,",
      "one record on a line. Exit code 0 when every record is as its meter signed it, the session"
          + " is over,",
      "and its energy can be billed; else 1, and what is wrong."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class VerifyReceiptCommand implements Callable<Integer> {
  private static final long LARGEST = 16L << 20;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FILE", description = "An XML file, or a text that begins with OCMF|.")
  private Path file;

  @Option(
      names = "--key",
      paramLabel = "HEX",
      description = {
        "The meter's public key, as the pile names it in the topic info (meter_key), or as in the"
            + " XML.",
        "OCMF text needs it. XML names a key of its own: with --key it must be this one."
      })
  private @Nullable String key;

  @Override
  public Integer call() throws CommandFailedException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Signer verifier = Signer.best();
    List<ReceiptFile.Entry> entries;
    try {
      entries = entries(text());
    } catch (MalformedRecordException e) {
      throw wrong(String.valueOf(e.getMessage()), e);
    }
    for (int i = 0; i < entries.size(); i++) {
      verify(entries.get(i), "record %d of %d".formatted(i + 1, entries.size()), verifier);
      print(out, entries.get(i).record().payload());
    }
    out.printf(
        "%d record%s, signed by the meter %s%n",
        entries.size(), entries.size() == 1 ? "" : "s", entries.getFirst().key().toHex());
    if (key == null) {
      out.println(
          "The key stands in the file, and whoever made the file chose it: compare it with the"
              + " pile's, or give that with --key.");
    }
    out.flush();
    return 0;
  }

  private String text() throws CommandFailedException, IOException {
    if (Files.isDirectory(file)) {
      throw new CommandFailedException(file + " is a folder: give a receipt in it");
    }
    if (Files.size(file) > LARGEST) {
      throw new CommandFailedException(file + " is too large for a receipt");
    }
    try {
      // A decoder that replaced what it can't read would let two files be one text.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong("it is no text in UTF-8", e);
    }
  }

  private List<ReceiptFile.Entry> entries(String text)
      throws MalformedRecordException, CommandFailedException {
    PublicKey given = key == null ? null : MeterPublicKey.parse(key);
    if (text.startsWith("<")) {
      List<ReceiptFile.Entry> entries = ReceiptFile.read(text);
      for (ReceiptFile.Entry entry : entries) {
        if (given != null && !entry.key().equals(given)) {
          throw new MalformedRecordException(
              "it names the key %s, not the one that was given".formatted(entry.key().toHex()));
        }
      }
      return entries;
    }
    List<ReceiptFile.Entry> entries = new ArrayList<>();
    String lines = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (String line : lines.split("\n", -1)) {
      MeterRecord record = MeterRecord.parse(line);
      if (given == null) {
        throw new CommandFailedException(
            "%s names no key: give the meter's public key with --key".formatted(file));
      }
      entries.add(new ReceiptFile.Entry(record, given));
    }
    return entries;
  }

  private void verify(ReceiptFile.Entry entry, String which, Signer verifier)
      throws CommandFailedException {
    Payload payload = entry.record().payload();
    if (!entry.record().isSignedBy(entry.key(), verifier)) {
      throw wrong(
          "%s, %s: the signature does not fit: the record was changed, or another meter signed it"
              .formatted(which, payload.page()),
          null);
    }
    List<String> objections;
    try {
      objections = Transaction.of(payload).objections(payload);
    } catch (MalformedRecordException e) {
      objections = List.of(String.valueOf(e.getMessage()));
    }
    if (!objections.isEmpty()) {
      throw wrong(
          "%s, %s: the meter signed it, but %s"
              .formatted(which, payload.page(), String.join("; ", objections)),
          null);
    }
  }

  private static void print(PrintWriter out, Payload payload) throws CommandFailedException {
    try {
      Transaction session = Transaction.of(payload);
      out.printf(
          "%s  %s  %s to %s  %s %s%n",
          payload.page(),
          payload.user().flatMap(Payload.User::id).orElse("no user"),
          session.begin().time(),
          session.end().time(),
          Figures.energy(session.energy()),
          session.end().quantity().equals(ObisCode.EXPORT_TOTAL)
              ? "out of the car"
              : "into the car");
    } catch (MalformedRecordException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private CommandFailedException wrong(String what, @Nullable Throwable cause) {
    String text = "%s is wrong: %s".formatted(file, what);
    return cause == null
        ? new CommandFailedException(text)
        : new CommandFailedException(text, cause);
  }
}
