package chargepile.agent.ocmf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.units.Direction;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ReceiptFileTest {
  private static final ReceiptFile.Entry IMPORT = entry(RecordSamples.charged());
  private static final ReceiptFile.Entry EXPORT =
      entry(
          RecordSamples.METER.sign(
              RecordSamples.payload(13, Direction.EXPORT, 5, 1_000_005, ReadingReason.END)));

  @Test
  void whatWasWrittenIsReadAgain() throws MalformedRecordException {
    List<ReceiptFile.Entry> entries = List.of(IMPORT, EXPORT);
    assertEquals(entries, ReceiptFile.read(ReceiptFile.write(entries)));
  }

  @Test
  void anXmlParserFindsRecordAndKey() throws Exception {
    String xml = ReceiptFile.write(List.of(IMPORT, EXPORT));
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    assertEquals("values", root.getTagName());
    Element data = (Element) root.getElementsByTagName("signedData").item(1);
    assertEquals(EXPORT.record().text(), data.getTextContent());
    assertEquals("OCMF", data.getAttribute("format"));
    assertEquals("plain", data.getAttribute("encoding"));
    Element key = (Element) root.getElementsByTagName("publicKey").item(1);
    assertEquals(MeterPublicKey.toHex(EXPORT.key()), key.getTextContent());
    assertEquals("hex", key.getAttribute("encoding"));
  }

  @Test
  void aChangeOfAnyByteIsDetected() {
    byte[] original = ReceiptFile.write(List.of(IMPORT)).getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < original.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = original.clone();
        changed[at] ^= (byte) (1 << bit);
        assertFalse(isAccepted(changed), "byte %d, bit %d".formatted(at, bit));
      }
    }
  }

  @Test
  void aChangeAroundTheRecordIsNamed() {
    String changed = ReceiptFile.write(List.of(IMPORT)).replaceFirst("Begin", "Start");
    var thrown = assertThrows(MalformedRecordException.class, () -> ReceiptFile.read(changed));
    assertTrue(
        String.valueOf(thrown.getMessage()).startsWith("the file was changed around its records"),
        thrown.getMessage());
  }

  @Test
  void whatXmlWouldTakeForMarkupIsEscaped() throws MalformedRecordException {
    Payload plain = RecordSamples.charged().payload();
    Payload marked =
        new Payload(
            plain.version(),
            new Payload.Gateway(Optional.of("a<b>&amp;c"), Optional.empty(), Optional.empty()),
            plain.page(),
            plain.meter(),
            plain.user(),
            plain.chargePoint(),
            plain.readings());
    List<ReceiptFile.Entry> entries = List.of(entry(RecordSamples.METER.sign(marked)));
    assertEquals(entries, ReceiptFile.read(ReceiptFile.write(entries)));
  }

  private static ReceiptFile.Entry entry(MeterRecord record) {
    return new ReceiptFile.Entry(record, RecordSamples.METER.publicKey());
  }

  private static boolean isAccepted(byte[] bytes) {
    try {
      return ReceiptFile.read(new String(bytes, StandardCharsets.ISO_8859_1)).stream()
          .allMatch(e -> e.record().isSignedBy(e.key(), new BouncyCastleSigner()));
    } catch (MalformedRecordException e) {
      return false;
    }
  }
}
