package chargepile.agent.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fr.acinq.bitcoin.ByteVector;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BOLT 1, appendices A and B. */
final class TlvStreamTest {
  private static ByteBuffer hex(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "0,00",
    "252,fc",
    "253,fd00fd",
    "65535,fdffff",
    "65536,fe00010000",
    "4294967295,feffffffff",
    "4294967296,ff0000000100000000",
    "18446744073709551615,ffffffffffffffffff"
  })
  void bigSizesHaveOneForm(String value, String hex) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BigSize.write(out, Long.parseUnsignedLong(value));
    assertEquals(hex, HexFormat.of().formatHex(out.toByteArray()));
    assertEquals(value, Long.toUnsignedString(BigSize.read(hex(hex))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd00fc", "fe0000ffff", "ff00000000ffffffff", "", "fd00", "feffff", "ff"})
  void otherFormsAreRefused(String hex) {
    assertThrows(IllegalArgumentException.class, () -> BigSize.read(hex(hex)));
  }

  @Property
  void everyNumberSurvives(@ForAll long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BigSize.write(out, value);
    assertEquals(value, BigSize.read(ByteBuffer.wrap(out.toByteArray())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fd",
        "fd01",
        "fd0001 00",
        "fd0101",
        "0f fd",
        "0f fd26",
        "0f fd2602",
        "0f fd0001 00",
        "0f fd0201 0000",
        "12 00",
        "fd0102 00",
        "fe01000002 00",
        "ff0100000000000002 00",
        "02 08 0000000000000226 01 01 2a",
        "02 08 0000000000000231 02 08 0000000000000451",
        "1f 00 0f 01 2a",
        "1f 00 1f 01 2a",
        "ffffffffffffffffff 00 00 00"
      })
  void invalidStreamsAreRefused(String hex) {
    assertThrows(
        IllegalArgumentException.class, () -> TlvStream.read(hex(hex), Set.of(0L, 1L, 2L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "21 00",
        "fd0201 00",
        "fd00fd 00",
        "fd00ff 00",
        "fe02000001 00",
        "ff0200000000000001 00"
      })
  void unknownOddRecordsAreIgnored(String hex) {
    assertEquals(Map.of(), TlvStream.read(hex(hex), Set.of(1L)));
  }

  @Test
  void knownRecordsAreRead() {
    Map<Long, ByteVector> records = TlvStream.read(hex("01 01 2a 02 00 1f 01 ff"), Set.of(1L, 2L));
    assertEquals(Map.of(1L, new ByteVector("2a"), 2L, ByteVector.empty), records);
  }

  @Test
  void aLengthThatIsNotThereCostsNoMemory() {
    assertThrows(
        IllegalArgumentException.class, () -> TlvStream.read(hex("01 fe7fffffff 00"), Set.of(1L)));
  }

  @Test
  void aRecordIsTypeLengthAndValue() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TlvStream.write(out, 254, new byte[] {7});
    assertArrayEquals(hex("fd00fe 01 07").array(), out.toByteArray());
  }
}
