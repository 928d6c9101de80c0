package chargepile.agent.mqtt;

import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.HandshakeException.Reason;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The handshake of BOLT 8, byte for byte: Noise XK over secp256k1, in three acts. The initiator
 * knows the responder's node key beforehand and reveals its own only to it.
 *
 * <pre>
 *   act one, act two   0: version = 0   1: ephemeral key, 33 bytes        34: tag, 16 bytes
 *   act three          0: version = 0   1: sealed node key, 49 bytes      50: tag, 16 bytes
 * </pre>
 *
 * <p>Pure: ephemeral keys are given and must be fresh for every handshake.
 */
final class NoiseXk {
  static final int ACT_ONE_BYTES = 50;
  static final int ACT_TWO_BYTES = 50;
  static final int ACT_THREE_BYTES = 66;

  private static final byte VERSION = 0;
  private static final int POINT_BYTES = 33;
  private static final byte[] NOTHING = {};

  private NoiseXk() {}

  /** The side that dials, after act one. */
  static final class Initiator {
    private final Signer signer;
    private final PrivateKey nodeKey;
    private final PrivateKey ephemeral;
    private final PublicKey responder;
    private final NoiseState afterActOne;
    private final byte[] actOne;

    Initiator(Signer signer, PrivateKey nodeKey, PrivateKey ephemeral, PublicKey responder) {
      this.signer = signer;
      this.nodeKey = nodeKey;
      this.ephemeral = ephemeral;
      this.responder = responder;
      byte[] point = signer.publicKey(ephemeral).value.toByteArray();
      NoiseState state =
          NoiseState.begin(responder).mixHash(point).mixKey(signer.ecdh(ephemeral, responder));
      byte[] tag = state.seal(0, NOTHING);
      this.afterActOne = state.mixHash(tag);
      this.actOne = act(point, tag);
    }

    byte[] actOne() {
      return actOne.clone();
    }

    /** Checks act two and ends the handshake with act three. */
    Completed onActTwo(byte[] actTwo) throws HandshakeException {
      checkForm(2, actTwo, ACT_TWO_BYTES);
      PublicKey theirs = point(signer, 2, Arrays.copyOfRange(actTwo, 1, 1 + POINT_BYTES));
      NoiseState state =
          afterActOne.mixHash(theirs.value.toByteArray()).mixKey(signer.ecdh(ephemeral, theirs));
      state = checkTag(2, state, Arrays.copyOfRange(actTwo, 1 + POINT_BYTES, ACT_TWO_BYTES));
      byte[] sealedNodeKey = state.seal(1, signer.publicKey(nodeKey).value.toByteArray());
      state = state.mixHash(sealedNodeKey).mixKey(signer.ecdh(nodeKey, theirs));
      byte[] tag = state.seal(0, NOTHING);
      byte[][] keys = state.split();
      return new Completed(
          act(sealedNodeKey, tag),
          new TransportKeys(responder, keys[0], keys[1], state.chainingKey()));
    }
  }

  /** Act three, to be sent, and the keys that hold from then on. */
  record Completed(byte[] actThree, TransportKeys keys) {}

  /** The side that listens, after act two. */
  static final class Responder {
    private final Signer signer;
    private final PrivateKey ephemeral;
    private final NoiseState afterActTwo;
    private final byte[] actTwo;

    /** Answers {@code actOne}. */
    Responder(Signer signer, PrivateKey nodeKey, PrivateKey ephemeral, byte[] actOne)
        throws HandshakeException {
      checkForm(1, actOne, ACT_ONE_BYTES);
      this.signer = signer;
      this.ephemeral = ephemeral;
      PublicKey theirs = point(signer, 1, Arrays.copyOfRange(actOne, 1, 1 + POINT_BYTES));
      NoiseState state =
          NoiseState.begin(signer.publicKey(nodeKey))
              .mixHash(theirs.value.toByteArray())
              .mixKey(signer.ecdh(nodeKey, theirs));
      state = checkTag(1, state, Arrays.copyOfRange(actOne, 1 + POINT_BYTES, ACT_ONE_BYTES));
      byte[] point = signer.publicKey(ephemeral).value.toByteArray();
      state = state.mixHash(point).mixKey(signer.ecdh(ephemeral, theirs));
      byte[] tag = state.seal(0, NOTHING);
      this.afterActTwo = state.mixHash(tag);
      this.actTwo = act(point, tag);
    }

    byte[] actTwo() {
      return actTwo.clone();
    }

    /** Checks act three, which ends the handshake and tells who the initiator is. */
    TransportKeys onActThree(byte[] actThree) throws HandshakeException {
      checkForm(3, actThree, ACT_THREE_BYTES);
      int tagAt = ACT_THREE_BYTES - Aead.TAG_BYTES;
      byte[] sealedNodeKey = Arrays.copyOfRange(actThree, 1, tagAt);
      byte[] nodeKey =
          afterActTwo
              .open(1, sealedNodeKey)
              .orElseThrow(() -> new HandshakeException(3, Reason.BAD_CIPHERTEXT));
      PublicKey initiator = point(signer, 3, nodeKey);
      NoiseState state =
          afterActTwo.mixHash(sealedNodeKey).mixKey(signer.ecdh(ephemeral, initiator));
      state = checkTag(3, state, Arrays.copyOfRange(actThree, tagAt, ACT_THREE_BYTES));
      byte[][] keys = state.split();
      return new TransportKeys(initiator, keys[1], keys[0], state.chainingKey());
    }
  }

  private static byte[] act(byte[] body, byte[] tag) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 + body.length + tag.length);
    out.write(VERSION);
    out.writeBytes(body);
    out.writeBytes(tag);
    return out.toByteArray();
  }

  private static void checkForm(int number, byte[] act, int length) throws HandshakeException {
    if (act.length != length) {
      throw new HandshakeException(
          number, Reason.READ_FAILED, ": %d bytes, not %d".formatted(act.length, length));
    }
    if (act[0] != VERSION) {
      throw new HandshakeException(number, Reason.BAD_VERSION, ": " + (act[0] & 0xff));
    }
  }

  private static PublicKey point(Signer signer, int act, byte[] bytes) throws HandshakeException {
    PublicKey point = new PublicKey(bytes);
    if (!signer.isValid(point)) {
      throw new HandshakeException(act, Reason.BAD_PUBKEY);
    }
    return point;
  }

  private static NoiseState checkTag(int act, NoiseState state, byte[] tag)
      throws HandshakeException {
    if (state.open(0, tag).isEmpty()) {
      throw new HandshakeException(act, Reason.BAD_TAG);
    }
    return state.mixHash(tag);
  }
}
