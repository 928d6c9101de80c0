package chargepile.agent.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.identity.RegistrationMessage.Issued;
import chargepile.agent.identity.RegistrationMessage.Refused;
import chargepile.agent.identity.RegistrationMessage.Register;
import chargepile.agent.identity.RegistrationMessage.Waiting;
import fr.acinq.bitcoin.ByteVector;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegistrationMessageTest {
  static Stream<RegistrationMessage> all() {
    return Stream.of(
        new Register(new ByteVector("0102")),
        new Waiting("fingerprint 12 34"),
        new Refused("pile-1 is registered already: «Ladesäule»"),
        new Issued(new ByteVector("030405")));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aMessageIsReadAsItWasWritten(RegistrationMessage message) {
    assertEquals(Optional.of(message), RegistrationMessage.decode(message.encode()));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "00", "0000", "0005", "8001", "00031b5b324a", "0003ff"})
  void whatIsNoneIsNothing(String hex) {
    assertEquals(Optional.empty(), RegistrationMessage.decode(HexFormat.of().parseHex(hex)));
  }

  @Test
  void aLongTextIsCutBetweenCharacters() {
    byte[] sent = new Refused("😀".repeat(300)).encode();
    Refused read = (Refused) RegistrationMessage.decode(sent).orElseThrow();
    assertEquals("😀".repeat(RegistrationMessage.LONGEST_TEXT / 4), read.text());
  }

  @Property(tries = 500)
  void anyBytesAreReadOrNothing(@ForAll byte[] bytes) {
    Optional<RegistrationMessage> read = RegistrationMessage.decode(bytes);
    assertTrue(
        read.isEmpty() || new ByteVector(read.get().encode()).equals(new ByteVector(bytes)),
        () -> new String(bytes, UTF_8));
  }
}
