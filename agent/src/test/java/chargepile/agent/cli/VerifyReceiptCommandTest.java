package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.MeterKey;
import chargepile.agent.ocmf.MeterPublicKey;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.MeterSigner;
import chargepile.agent.ocmf.ReadingReason;
import chargepile.agent.ocmf.ReceiptFile;
import chargepile.agent.ocmf.RecordSamples;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyReceiptCommandTest {
  private static final MeterRecord RECORD = RecordSamples.charged();
  private static final String KEY = RecordSamples.METER.publicKey().toHex();
  private static final MeterSigner OTHER =
      new MeterSigner(new BouncyCastleSigner(), MeterKey.derive(ByteVector32.Zeroes));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("receipt");
  }

  @Test
  void xmlIsVerifiedWithTheKeyInIt() throws IOException {
    Files.writeString(file, xml(RECORD));
    CommandRun run = CommandRun.of("verify-receipt", file);
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        run.out()
            .startsWith("T12  000102030405060708090a0b0c0d0e0f  2026-07-24T11:22:04,500+0000 S to"),
        run.out());
    assertTrue(run.out().contains("29.499877 kWh into the car"), run.out());
    assertTrue(run.out().contains("1 record, signed by the meter " + KEY), run.out());
    assertTrue(run.out().contains("compare it with the pile's"), run.out());
  }

  @Test
  void aKeyThatIsGivenMustBeTheOneInTheXml() throws IOException {
    Files.writeString(file, xml(RECORD));
    assertEquals(0, CommandRun.of("verify-receipt", "--key", KEY, file).exit());
    String der = MeterPublicKey.toHex(RecordSamples.METER.publicKey());
    assertEquals(0, CommandRun.of("verify-receipt", "--key", der, file).exit());
    assertWrong("not the one that was given", "--key", OTHER.publicKey().toHex());
    assertWrong("no public key on secp256k1", "--key", "77");
  }

  @Test
  void textIsVerifiedWithTheKeyThatIsGiven() throws IOException {
    MeterRecord next =
        RecordSamples.METER.sign(
            RecordSamples.payload(13, Direction.EXPORT, 5, 7, ReadingReason.ABORTED));
    Files.writeString(file, RECORD.text() + "\n" + next.text() + "\n");
    CommandRun run = CommandRun.of("verify-receipt", "--key", KEY, file);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("T13"), run.out());
    assertTrue(run.out().contains("out of the car"), run.out());
    assertWrong("names no key");
    assertWrong("the signature does not fit", "--key", OTHER.publicKey().toHex());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyByteThatIsAnotherIsDetected(boolean xml) throws IOException {
    byte[] original = (xml ? xml(RECORD) : RECORD.text()).getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    for (int at = 0; at < original.length; at++) {
      byte[] changed = original.clone();
      changed[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, changed);
      CommandRun run = CommandRun.of("verify-receipt", "--key", KEY, file);
      assertEquals(1, run.exit(), "byte " + at);
      assertTrue(run.err().contains(" is wrong: "), run.err());
    }
  }

  @Test
  void aSessionThatIsNotOverIsNoReceipt() throws IOException {
    MeterRecord between =
        RecordSamples.METER.sign(
            RecordSamples.payload(13, Direction.IMPORT, 5, 7, ReadingReason.CHARGING));
    Files.writeString(file, xml(RECORD, between));
    assertWrong("record 2 of 2, T13: the meter signed it, but the transaction is not over");
  }

  @Test
  void whatIsNoReceiptIsNamed() throws IOException {
    Files.writeString(file, "hello");
    assertWrong("no meter record: it does not begin with OCMF|");
    Files.writeString(file, "");
    assertWrong("no meter record: it does not begin with OCMF|");
    Files.writeString(file, "<html></html>");
    assertWrong("no <signedData> with a record in it");
    CommandRun directory = CommandRun.of("verify-receipt", folder);
    assertEquals(1, directory.exit());
    assertTrue(directory.err().contains("is a folder"), directory.err());
    CommandRun missing = CommandRun.of("verify-receipt", folder.resolve("none"));
    assertEquals(1, missing.exit());
    assertTrue(missing.err().contains("none"), missing.err());
  }

  private void assertWrong(String complaint, Object... options) {
    Object[] arguments = new Object[options.length + 2];
    arguments[0] = "verify-receipt";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = file;
    CommandRun run = CommandRun.of(arguments);
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.err().contains(complaint), run.err());
  }

  private static String xml(MeterRecord... records) {
    return ReceiptFile.write(
        List.of(records).stream()
            .map(r -> new ReceiptFile.Entry(r, RecordSamples.METER.publicKey()))
            .toList());
  }
}
