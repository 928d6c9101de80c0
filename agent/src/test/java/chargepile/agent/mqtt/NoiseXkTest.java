package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.Bolt8Vectors.Step;
import chargepile.agent.mqtt.Bolt8Vectors.Vector;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BOLT 8, appendix A: all its vectors. */
final class NoiseXkTest {
  private static final Signer SIGNER = Signer.best();

  static Stream<Vector> initiators() {
    return Bolt8Vectors.matching(v -> v.has("role") && v.text("role").equals("initiator"));
  }

  static Stream<Vector> responders() {
    return Bolt8Vectors.matching(v -> v.has("role") && v.text("role").equals("responder"));
  }

  @Test
  void thereAreSixteenVectors() {
    assertEquals(5, initiators().count());
    assertEquals(10, responders().count());
    assertEquals(1, Bolt8Vectors.matching(v -> !v.has("role")).count());
  }

  @ParameterizedTest
  @MethodSource("initiators")
  void theInitiatorFollowsTheVector(Vector vector) throws HandshakeException {
    Vector keys = vector.at("params");
    NoiseXk.Initiator initiator =
        new NoiseXk.Initiator(
            SIGNER,
            new PrivateKey(keys.hex("ls.priv")),
            new PrivateKey(keys.hex("e.priv")),
            new PublicKey(keys.hex("rs.pub")));
    List<Step> steps = vector.steps();
    assertArrayEquals(steps.get(0).bytes().orElseThrow(), initiator.actOne());
    byte[] actTwo = steps.get(1).bytes().orElseThrow();
    Step outcome = steps.get(2);
    if (outcome.error().isPresent()) {
      assertEquals(
          outcome.error().get(),
          error(assertThrows(HandshakeException.class, () -> initiator.onActTwo(actTwo))));
      return;
    }
    NoiseXk.Completed completed = initiator.onActTwo(actTwo);
    assertArrayEquals(outcome.bytes().orElseThrow(), completed.actThree());
    assertKeys(steps.get(3).keys(), completed.keys());
    assertArrayEquals(keys.hex("rs.pub"), completed.keys().peer().value.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("responders")
  void theResponderFollowsTheVector(Vector vector) throws HandshakeException {
    Vector keys = vector.at("params");
    List<Step> steps = vector.steps();
    byte[] actOne = steps.get(0).bytes().orElseThrow();
    Step answer = steps.get(1);
    if (answer.error().isPresent()) {
      assertEquals(
          answer.error().get(),
          error(assertThrows(HandshakeException.class, () -> respond(SIGNER, keys, actOne))));
      return;
    }
    NoiseXk.Responder responder = respond(SIGNER, keys, actOne);
    assertArrayEquals(answer.bytes().orElseThrow(), responder.actTwo());
    byte[] actThree = steps.get(2).bytes().orElseThrow();
    Step outcome = steps.get(3);
    if (outcome.error().isPresent()) {
      assertEquals(
          outcome.error().get(),
          error(assertThrows(HandshakeException.class, () -> responder.onActThree(actThree))));
      return;
    }
    TransportKeys transport = responder.onActThree(actThree);
    assertKeys(outcome.keys(), transport);
    assertEquals(
        "034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa",
        transport.peer().toHex());
  }

  @Test
  void messagesAndKeyRotationFollowTheVector() {
    Vector vector = Bolt8Vectors.matching(v -> !v.has("role")).findFirst().orElseThrow();
    byte[] text = vector.hex("cleartext_hex");
    assertEquals("hello", new String(text, StandardCharsets.US_ASCII));
    KeyRatchet ratchet = new KeyRatchet(vector.hex("sk"), vector.hex("ck"));
    Map<Integer, String> expected = vector.outputs();
    assertEquals(6, expected.size());
    for (int i = 0; i < 1002; i++) {
      String message = HexFormat.of().formatHex(bolt8Message(ratchet, i, text));
      if (expected.containsKey(i)) {
        assertEquals(expected.get(i), message, "message " + i);
      }
    }
  }

  @Test
  void bothSignersShakeHands() throws HandshakeException {
    PrivateKey pile = new PrivateKey(HexFormat.of().parseHex("21".repeat(32)));
    PrivateKey driver = new PrivateKey(HexFormat.of().parseHex("11".repeat(32)));
    Signer other = new BouncyCastleSigner();
    NoiseXk.Initiator initiator =
        new NoiseXk.Initiator(other, driver, pile, SIGNER.publicKey(pile));
    NoiseXk.Responder responder = new NoiseXk.Responder(SIGNER, pile, driver, initiator.actOne());
    NoiseXk.Completed completed = initiator.onActTwo(responder.actTwo());
    TransportKeys keys = responder.onActThree(completed.actThree());
    assertEquals(other.publicKey(driver), keys.peer());
    assertArrayEquals(completed.keys().sendKey(), keys.receiveKey());
    assertArrayEquals(completed.keys().receiveKey(), keys.sendKey());
    assertArrayEquals(completed.keys().chainingKey(), keys.chainingKey());
  }

  /** BOLT 8 encrypts the length and the text of a message one after the other. */
  private static byte[] bolt8Message(KeyRatchet ratchet, int number, byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] length = {(byte) (text.length >>> 8), (byte) text.length};
    out.writeBytes(ratchet.seal(2L * number, new byte[0], length));
    out.writeBytes(ratchet.seal(2L * number + 1, new byte[0], text));
    return out.toByteArray();
  }

  private static NoiseXk.Responder respond(Signer signer, Vector keys, byte[] actOne)
      throws HandshakeException {
    return new NoiseXk.Responder(
        signer, new PrivateKey(keys.hex("ls.priv")), new PrivateKey(keys.hex("e.priv")), actOne);
  }

  private static void assertKeys(Vector expected, TransportKeys keys) {
    assertArrayEquals(expected.hex("sk"), keys.sendKey());
    assertArrayEquals(expected.hex("rk"), keys.receiveKey());
  }

  /** The failure in the vectors' words, which add the version to two of three bad versions. */
  private static String error(HandshakeException e) {
    String error = "ACT%d_%s".formatted(e.act(), e.reason());
    return error.endsWith("BAD_VERSION") && e.act() > 1 ? error + " 1" : error;
  }
}
