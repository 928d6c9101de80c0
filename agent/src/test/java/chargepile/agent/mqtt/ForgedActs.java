package chargepile.agent.mqtt;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Acts of the handshake as somebody makes them who knows the protocol and the pile's node key, and
 * has keys of its own: right ones and such of other versions, prologues and protocols.
 */
public final class ForgedActs {
  private static final String PROTOCOL = "Noise_XK_secp256k1_ChaChaPoly_SHA256";
  private static final String PROLOGUE = "lightning";
  private static final Signer SIGNER = Signer.best();

  private final PublicKey pile;
  private final RandomGenerator random;
  private final PrivateKey own;

  public ForgedActs(PublicKey pile, RandomGenerator random) {
    this.pile = pile;
    this.random = random;
    this.own = draw();
  }

  /** The node key that the forger can prove to have. */
  public PrivateKey own() {
    return own;
  }

  /** Act one as it should be, with an ephemeral key of the forger's. */
  public Half begin() {
    return new Half(new NoiseXk.Initiator(SIGNER, own, draw(), pile));
  }

  /** A handshake that the forger began. */
  public final class Half {
    private final NoiseXk.Initiator initiator;

    private Half(NoiseXk.Initiator initiator) {
      this.initiator = initiator;
    }

    /** The frame of act one. */
    public byte[] actOne() {
      return Frames.act(Frames.ACT_ONE, initiator.actOne());
    }

    /** The frame of act three to the frame of the pile's act two, with the forger's node key. */
    public byte[] actThree(byte[] actTwo) {
      try {
        return Frames.act(Frames.ACT_THREE, initiator.onActTwo(Frames.body(actTwo)).actThree());
      } catch (HandshakeException e) {
        throw new AssertionError("the pile does not shake hands", e);
      }
    }
  }

  /**
   * Acts one of another version, prologue or protocol, and to another pile: none may be answered.
   */
  public List<byte[]> wrongActsOne() {
    byte[] version = begin().actOne();
    version[1] = 1;
    byte[] lastVersion = begin().actOne();
    lastVersion[1] = (byte) 0xff;
    return List.of(
        version,
        lastVersion,
        actOne(PROTOCOL, "lightninG", pile),
        actOne(PROTOCOL, "", pile),
        actOne("Noise_XX_secp256k1_ChaChaPoly_SHA256", PROLOGUE, pile),
        actOne("Noise_NN_secp256k1_ChaChaPoly_SHA256", PROLOGUE, pile),
        actOne(PROTOCOL, PROLOGUE, SIGNER.publicKey(own)));
  }

  /** Answers to the frame of a driver's act one, as good as they get without the pile's key. */
  public List<byte[]> actsTwo(byte[] actOne) {
    PublicKey theirs = new PublicKey(Arrays.copyOfRange(actOne, 2, 35));
    PrivateKey ephemeral = draw();
    return List.of(
        actTwo(theirs, ephemeral, own, pile),
        actTwo(theirs, ephemeral, own, SIGNER.publicKey(own)),
        actTwo(theirs, ephemeral, ephemeral, pile),
        withVersion(actTwo(theirs, ephemeral, own, pile)));
  }

  /** An act three out of the air. */
  public byte[] actThree() {
    byte[] act = new byte[NoiseXk.ACT_THREE_BYTES];
    random.nextBytes(act);
    act[0] = 0;
    return Frames.act(Frames.ACT_THREE, act);
  }

  private byte[] actOne(String protocol, String prologue, PublicKey to) {
    PrivateKey ephemeral = draw();
    byte[] point = SIGNER.publicKey(ephemeral).value.toByteArray();
    NoiseState state =
        begin(protocol, prologue, to).mixHash(point).mixKey(SIGNER.ecdh(ephemeral, to));
    return act(Frames.ACT_ONE, point, state.seal(0, new byte[0]));
  }

  /** Act two with {@code instead} where the pile's node key belongs. */
  private byte[] actTwo(
      PublicKey theirs, PrivateKey ephemeral, PrivateKey instead, PublicKey named) {
    byte[] point = SIGNER.publicKey(ephemeral).value.toByteArray();
    NoiseState state =
        begin(PROTOCOL, PROLOGUE, named)
            .mixHash(theirs.value.toByteArray())
            .mixKey(SIGNER.ecdh(instead, theirs))
            .mixHash(point)
            .mixKey(SIGNER.ecdh(ephemeral, theirs));
    return act(Frames.ACT_TWO, point, state.seal(0, new byte[0]));
  }

  private static byte[] withVersion(byte[] act) {
    act[1] = 1;
    return act;
  }

  private static NoiseState begin(String protocol, String prologue, PublicKey to) {
    byte[] start = sha256(protocol);
    return new NoiseState(start, start, new byte[0])
        .mixHash(prologue.getBytes(StandardCharsets.US_ASCII))
        .mixHash(to.value.toByteArray());
  }

  private static byte[] act(byte type, byte[] point, byte[] tag) {
    return ByteBuffer.allocate(2 + point.length + tag.length)
        .put(type)
        .put((byte) 0)
        .put(point)
        .put(tag)
        .array();
  }

  private PrivateKey draw() {
    byte[] key = new byte[32];
    random.nextBytes(key);
    key[0] &= 0x7f; // below the group's order, and with the next above zero
    key[31] |= 1;
    return new PrivateKey(key);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
