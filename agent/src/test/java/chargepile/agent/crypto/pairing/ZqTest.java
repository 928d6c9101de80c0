package chargepile.agent.crypto.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

class ZqTest {
  @Property(tries = 100)
  void isAField(
      @ForAll @Size(48) byte[] first,
      @ForAll @Size(48) byte[] second,
      @ForAll @Size(48) byte[] third) {
    Zq a = Zq.reduce(first);
    Zq b = Zq.reduce(second);
    Zq c = Zq.reduce(third);
    assertEquals(a.times(b.plus(c)), a.times(b).plus(a.times(c)));
    assertEquals(Zq.ZERO, a.plus(a.negated()));
    if (!a.isZero()) {
      assertEquals(Zq.ONE, a.times(a.inverse()));
    }
    assertEquals(a, Zq.decode(a.encode()));
  }

  @Test
  void oneEncodingAScalar() {
    assertEquals(Zq.ONE.negated(), Zq.decode(bytes(Zq.ORDER.subtract(BigInteger.ONE))));
    assertThrows(IllegalArgumentException.class, () -> Zq.decode(bytes(Zq.ORDER)));
    assertThrows(
        IllegalArgumentException.class, () -> Zq.decode(new ByteVector32("ff".repeat(32))));
  }

  @Test
  void fewBytesAreNotReduced() {
    assertThrows(IllegalArgumentException.class, () -> Zq.reduce(new byte[32]));
  }

  @Test
  void zeroHasNoInverse() {
    assertThrows(ArithmeticException.class, Zq.ZERO::inverse);
  }

  @Test
  void itsTextDoesNotShowIt() {
    assertFalse(Zq.of(987_654_321).toString().matches(".*\\d.*"));
  }

  private static ByteVector32 bytes(BigInteger value) {
    return new ByteVector32(BigIntegers.asUnsignedByteArray(32, value));
  }
}
