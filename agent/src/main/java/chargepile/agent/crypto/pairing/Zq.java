package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import org.bouncycastle.util.BigIntegers;

/**
 * A scalar modulo q, the order of G1 and G2 of BLS12-381 (255 bits).
 *
 * <p>{@link #plus}, {@link #times} and the decoders compute with {@link BigInteger}, whose time
 * depends on the values. With secrets they are for rare work beside the payment (issuing a key,
 * joining its two shares); what happens at each signature, a point times a secret, is {@link
 * Pairing#multiplySecret}. {@link #equals} is not constant-time either. {@link #toString} never
 * shows the value.
 */
public final class Zq {
  /** q. */
  public static final BigInteger ORDER =
      new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

  public static final Zq ZERO = new Zq(BigInteger.ZERO);
  public static final Zq ONE = new Zq(BigInteger.ONE);

  /** Bytes that {@link #reduce} needs for a result which no one can tell from uniform. */
  public static final int UNIFORM_BYTES = 48;

  private final BigInteger value;

  private Zq(BigInteger value) {
    this.value = value;
  }

  /** The residue of an integer. */
  public static Zq of(BigInteger value) {
    return new Zq(value.mod(ORDER));
  }

  public static Zq of(long value) {
    return of(BigInteger.valueOf(value));
  }

  /**
   * The residue of a big-endian number: uniform when {@code bytes} are.
   *
   * @throws IllegalArgumentException when there are fewer than {@link #UNIFORM_BYTES}
   */
  public static Zq reduce(byte[] bytes) {
    if (bytes.length < UNIFORM_BYTES) {
      throw new IllegalArgumentException(
          "a uniform scalar needs %d bytes, not %d".formatted(UNIFORM_BYTES, bytes.length));
    }
    return of(new BigInteger(1, bytes));
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException when the number is q or more
   */
  public static Zq decode(ByteVector32 bytes) {
    var value = new BigInteger(1, bytes.toByteArray());
    if (value.compareTo(ORDER) >= 0) {
      throw new IllegalArgumentException("a scalar is q or more");
    }
    return new Zq(value);
  }

  /** 32 bytes, big-endian. */
  public ByteVector32 encode() {
    return new ByteVector32(BigIntegers.asUnsignedByteArray(32, value));
  }

  public boolean isZero() {
    return value.signum() == 0;
  }

  public Zq plus(Zq other) {
    return of(value.add(other.value));
  }

  public Zq times(Zq other) {
    return of(value.multiply(other.value));
  }

  public Zq negated() {
    return of(value.negate());
  }

  /** Throws {@link ArithmeticException} for 0. */
  public Zq inverse() {
    return of(value.modInverse(ORDER));
  }

  BigInteger value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Zq that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "Zq[hidden]";
  }
}
