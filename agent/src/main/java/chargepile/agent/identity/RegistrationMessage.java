package chargepile.agent.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import fr.acinq.bitcoin.ByteVector;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * What device and KGC say to each other on their encrypted link.
 *
 * <pre>
 *  2  type: 1 register, 2 waiting, 3 refused, 4 issued
 *  n  type 1: the request; type 2 and 3: text for people, UTF-8; type 4: the reply
 * </pre>
 */
public sealed interface RegistrationMessage {
  /** A text has at most so many bytes. */
  int LONGEST_TEXT = 1000;

  /** Far more than a request or a reply has. */
  int LARGEST = 8192;

  /** Device to KGC: register me. Asked again as often as one likes, it is the same request. */
  record Register(ByteVector request) implements RegistrationMessage {}

  /** KGC to device: the operator has to decide; the answer will come on this link. */
  record Waiting(String text) implements RegistrationMessage {}

  /** KGC to device: no, and why. */
  record Refused(String text) implements RegistrationMessage {}

  /** KGC to device: here it is. */
  record Issued(ByteVector reply) implements RegistrationMessage {}

  /** The message in bytes. */
  default byte[] encode() {
    return switch (this) {
      case Register(ByteVector request) -> encode(1, request.toByteArray());
      case Waiting(String text) -> encode(2, bytes(text));
      case Refused(String text) -> encode(3, bytes(text));
      case Issued(ByteVector reply) -> encode(4, reply.toByteArray());
    };
  }

  /** The message that these bytes are; nothing when they are none that this program knows. */
  static Optional<RegistrationMessage> decode(byte[] message) {
    if (message.length < 2 || message.length > LARGEST) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(message);
    int type = in.getShort();
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return switch (type) {
      case 1 -> Optional.of(new Register(new ByteVector(rest)));
      case 2 -> text(rest).map(Waiting::new);
      case 3 -> text(rest).map(Refused::new);
      case 4 -> Optional.of(new Issued(new ByteVector(rest)));
      default -> Optional.empty();
    };
  }

  private static byte[] encode(int type, byte[] rest) {
    return ByteBuffer.allocate(2 + rest.length).putShort((short) type).put(rest).array();
  }

  /** Cut where it is too long, between two characters. */
  private static byte[] bytes(String text) {
    String shortened = text;
    while (shortened.getBytes(UTF_8).length > LONGEST_TEXT) {
      shortened = shortened.substring(0, shortened.offsetByCodePoints(shortened.length(), -1));
    }
    return shortened.getBytes(UTF_8);
  }

  /** One line without control characters: it will stand on somebody's screen. */
  private static Optional<String> text(byte[] bytes) {
    if (bytes.length > LONGEST_TEXT) {
      return Optional.empty();
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.codePoints().anyMatch(Character::isISOControl)
          ? Optional.empty()
          : Optional.of(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
