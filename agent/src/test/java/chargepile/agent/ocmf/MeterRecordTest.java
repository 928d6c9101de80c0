package chargepile.agent.ocmf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.MeterKey;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeterRecordTest {
  private static final MeterRecord CHARGED = RecordSamples.charged();

  @Test
  void aRecordReadsAsTheSpecificationWritesIt() {
    String expected =
        "{\"FV\":\"1.0\",\"GI\":\"Chargepile\",\"GS\":\"%s\",\"PG\":\"T12\",\"IS\":true,"
            + "\"IL\":\"TRUSTED\",\"IF\":[],\"IT\":\"LOCAL\","
            + "\"ID\":\"000102030405060708090a0b0c0d0e0f\",\"CT\":\"CBIDC\",\"CI\":\"garage-1 1\","
            + "\"RD\":[{\"TM\":\"2026-07-24T11:22:04,500+0000 S\",\"TX\":\"B\",\"RV\":2935600.123,"
            + "\"RI\":\"01-00:B0.08.00*FF\",\"RU\":\"Wh\",\"EF\":\"\",\"ST\":\"G\"},"
            + "{\"TM\":\"2026-07-24T12:40:59,001+0000 S\",\"TX\":\"E\",\"RV\":2965100.000,"
            + "\"RI\":\"01-00:B0.08.00*FF\",\"RU\":\"Wh\",\"EF\":\"\",\"ST\":\"G\"}]}";
    assertEquals(
        expected.formatted(RecordSamples.METER.publicKey().toHex()), CHARGED.payloadText());
    assertTrue(CHARGED.text().startsWith("OCMF|{"));
    assertTrue(
        CHARGED
            .signatureText()
            .matches("\\{\"SA\":\"ECDSA-secp256k1-SHA256\",\"SE\":\"hex\",\"SD\":\"30[0-9A-F]+\"}"),
        CHARGED.signatureText());
  }

  @Test
  void whatWasWrittenIsReadAgain() throws MalformedRecordException {
    assertEquals(CHARGED, MeterRecord.parse(CHARGED.text()));
  }

  @Property(tries = 200)
  void everyRegisterAndPageSurvives(
      @ForAll @LongRange(min = 0) long begin,
      @ForAll @LongRange(min = 0) long end,
      @ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long page,
      @ForAll Direction direction)
      throws MalformedRecordException {
    MeterRecord record =
        RecordSamples.METER.sign(
            RecordSamples.payload(page, direction, begin, end, ReadingReason.CHARGING));
    Payload read = MeterRecord.parse(record.text()).payload();
    assertEquals(Pagination.transaction(page), read.page());
    assertEquals(begin, read.readings().getFirst().energy().value());
    assertEquals(end, read.readings().getLast().energy().value());
    assertEquals(ObisCode.total(direction), read.readings().getLast().quantity());
  }

  @Test
  void anyProgramVerifiesIt() throws Exception {
    var provider = new BouncyCastleProvider();
    byte[] encoded = HexFormat.of().parseHex(MeterPublicKey.toHex(RecordSamples.METER.publicKey()));
    PublicKey key =
        KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(encoded));
    Signature verifier = Signature.getInstance("SHA256withECDSA", provider);
    verifier.initVerify(key);
    verifier.update(CHARGED.payloadText().getBytes(StandardCharsets.UTF_8));
    String hex = CHARGED.signatureText().replaceAll(".*\"SD\":\"|\"}", "");
    assertTrue(verifier.verify(HexFormat.of().parseHex(hex)));
  }

  @Test
  void bothSignersSignTheSame() {
    Payload payload = CHARGED.payload();
    var other = new MeterSigner(Signer.best(), RecordSamples.METER.key());
    assertEquals(CHARGED.text(), other.sign(payload).text());
  }

  @Test
  void anotherMetersKeyDidNotSignIt() {
    var other = new MeterSigner(new BouncyCastleSigner(), MeterKey.derive(ByteVector32.Zeroes));
    assertTrue(isSigned(CHARGED));
    assertFalse(CHARGED.isSignedBy(other.publicKey(), new BouncyCastleSigner()));
  }

  @Test
  void aChangeOfAnyByteIsDetected() {
    byte[] original = CHARGED.text().getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < original.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = original.clone();
        changed[at] ^= (byte) (1 << bit);
        assertFalse(isAccepted(changed), "byte %d, bit %d".formatted(at, bit));
      }
    }
  }

  @Property(tries = 2000)
  void aChangeOfAnyByteToAnyOtherIsDetected(
      @ForAll @IntRange(min = 0, max = 10_000) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] bytes = CHARGED.text().getBytes(StandardCharsets.US_ASCII);
    bytes[place % bytes.length] ^= (byte) change;
    assertFalse(isAccepted(bytes));
  }

  @Test
  void nothingIsMissingOrAdded() {
    byte[] original = CHARGED.text().getBytes(StandardCharsets.US_ASCII);
    for (int length = 0; length < original.length; length++) {
      assertFalse(isAccepted(Arrays.copyOf(original, length)), "cut to " + length);
    }
    assertFalse(isAccepted((CHARGED.text() + "|").getBytes(StandardCharsets.US_ASCII)));
    assertFalse(isAccepted((" " + CHARGED.text()).getBytes(StandardCharsets.US_ASCII)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.0 ; 1.4 ; FV is 1.4",
        "T12 ; T012 ; no pagination: T012",
        "T12 ; X12 ; no pagination: X12",
        ",500+0000 S ; .500+0000 S ; no time",
        ",500+0000 S ; ,500+00:00 S ; no time",
        ",500+0000 S ; ,500+0000 Q ; no clock status",
        "2026-07-24T11 ; 2026-02-30T11 ; no time",
        "\"ST\":\"G\" ; \"ST\":\"Z\" ; ST has the unknown value Z",
        "\"TX\":\"B\" ; \"TX\":\"b\" ; TX has the unknown value b",
        "\"RU\":\"Wh\" ; \"RU\":\"mOhm\" ; RU has the unknown value mOhm",
        "\"RV\":2935600.123 ; \"RV\":\"2935600\" ; RV is no number",
        "\"RV\":2935600.123 ; \"RV\":-1 ; RV is below zero",
        "\"RV\":2935600.123 ; \"RV\":1e99 ; RV is more than any register holds",
        "01-00:B0.08.00*FF ; 1.8.0 ; no OBIS code",
        "\"IS\":true ; \"IS\":\"true\" ; IS is neither true nor false",
        "\"GI\" ; \"GX\" ; GX is no field of the format",
        "\"EF\" ; \"EG\" ; EG is no field of a reading",
        "TRUSTED ; SURE ; IL has the unknown value SURE",
        "ECDSA-secp256k1-SHA256 ; ECDSA-secp256r1-SHA256 ; SA is ECDSA-secp256r1-SHA256",
        "\"SE\":\"hex\" ; \"SE\":\"base64\" ; SE is base64",
        "\"SE\" ; \"ZE\" ; ZE is not protected",
        "\"SD\":\"30 ; \"SD\":\"31 ; SD is no DER signature",
      })
  void whatIsWrongIsNamed(String part, String other, String complaint) {
    String text = CHARGED.text();
    assertTrue(text.contains(part), part);
    var thrown =
        assertThrows(
            MalformedRecordException.class,
            () -> MeterRecord.parse(text.replaceFirst(Pattern.quote(part), other)));
    assertTrue(String.valueOf(thrown.getMessage()).contains(complaint), thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OCMF", "OCMF|{}|{}|{}", "ocmf|{}|{}", "OCMF|[]|{}", "OCMF|{}|{}"})
  void whatIsNoRecordIsRefused(String text) {
    assertThrows(MalformedRecordException.class, () -> MeterRecord.parse(text));
  }

  @Test
  void otherMetersRecordsAreRead() throws MalformedRecordException {
    String payload =
        "{ \"FV\": \"1.1\", \"PG\": \"F7\", \"MS\": \"77\", \"VX\": {\"a\": [1]}, \"TT\": \"day\","
            + " \"RD\": [{\"TM\": \"2019-08-13T10:03:15,000+0200 I\", \"TX\": \"B\","
            + " \"RV\": 0.2596, \"RI\": \"1-b:1.8.0\", \"RU\": \"kWh\", \"RT\": \"AC\","
            + " \"ST\": \"G\"}, {\"TM\": \"2019-08-13T10:03:36,000+0200 R\", \"TX\": \"L\","
            + " \"RV\": 0.2597, \"CL\": 0.0001}]}";
    MeterRecord record = MeterRecord.parse("OCMF|" + payload + "|" + CHARGED.signatureText());
    Reading last = record.payload().readings().getLast();
    assertEquals(payload, record.payloadText());
    assertEquals(259_700, last.energy().value());
    assertEquals(new ObisCode("1-b:1.8.0"), last.quantity());
    assertEquals(MeterStatus.OK, last.status());
    assertEquals(Optional.of("77"), record.payload().meter().serial());
    assertTrue(last.reason().isEnd());
    assertTrue(last.quantity().isForBilling());
    assertEquals(Optional.empty(), record.payload().user());
  }

  @Test
  void aTextThatWouldBreakTheFormIsNotSigned() {
    for (String text : List.of("a|b", "a\nb", "gr\u00fcn")) {
      Payload broken =
          new Payload(
              Payload.VERSION,
              new Payload.Gateway(Optional.of(text), Optional.empty(), Optional.empty()),
              Pagination.transaction(1),
              Payload.MeterLabel.NONE,
              Optional.empty(),
              Optional.empty(),
              CHARGED.payload().readings());
      assertThrows(IllegalArgumentException.class, () -> RecordSamples.METER.sign(broken));
    }
  }

  /** Whoever sends it, the answer is a record or a reason that can be shown. */
  @Property(tries = 3000)
  void noTextBreaksTheReader(
      @ForAll @IntRange(min = 0, max = 10_000) int from,
      @ForAll @IntRange(min = 0, max = 40) int length,
      @ForAll @StringLength(max = 30) String other) {
    String text = CHARGED.text();
    int begin = from % text.length();
    int end = Math.min(text.length(), begin + length);
    try {
      MeterRecord record =
          MeterRecord.parse(text.substring(0, begin) + other + text.substring(end));
      record.payload().readings().forEach(Reading::energy);
    } catch (MalformedRecordException e) {
      assertTrue(String.valueOf(e.getMessage()).matches("[ -~]{1,300}"), e.getMessage());
    }
  }

  private static boolean isAccepted(byte[] bytes) {
    try {
      return isSigned(MeterRecord.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
    } catch (MalformedRecordException e) {
      return false;
    }
  }

  private static boolean isSigned(MeterRecord record) {
    return record.isSignedBy(RecordSamples.METER.publicKey(), new BouncyCastleSigner());
  }
}
