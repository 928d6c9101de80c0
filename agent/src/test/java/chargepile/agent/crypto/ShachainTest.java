package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fr.acinq.bitcoin.ByteVector32;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ShachainTest {
  @TestFactory
  Stream<DynamicTest> generatesTheSecretsOfAppendixD() {
    return Bolt3Vectors.tests(
        "per_commitment_secret_generation",
        vector -> {
          var in = vector.get("inputs");
          assertEquals(
              vector.get("expected").bytes32("secret"),
              Shachain.secret(in.bytes32("seed"), in.number("index")));
        });
  }

  @Test
  void generatesTheKnownFirstSecret() {
    assertEquals(
        "02a40c85b6f28da08dfdbe0926c53fab2de6d28c10301f8f7c4073d5e42e3148",
        Shachain.secret(ByteVector32.Zeroes, Shachain.index(0)).toHex());
  }

  @Test
  void indicesFallFromTheTop() {
    assertEquals((1L << 48) - 1, Shachain.index(0));
    assertEquals((1L << 48) - 43, Shachain.index(42));
    assertEquals(0, Shachain.index((1L << 48) - 1));
  }

  @Test
  void refusesNumbersOfMoreThan48Bits() {
    assertThrows(IllegalArgumentException.class, () -> Shachain.index(-1));
    assertThrows(IllegalArgumentException.class, () -> Shachain.index(1L << 48));
    assertThrows(
        IllegalArgumentException.class, () -> Shachain.secret(ByteVector32.Zeroes, 1L << 48));
  }
}
