package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SealedSeedTest {
  private static final ByteVector32 SEED = new ByteVector32("a5".repeat(32));
  private static final ByteVector SALT = new ByteVector("0102030405060708090a0b0c0d0e0f10");
  private static final ByteVector NONCE = new ByteVector("0102030405060708090a0b0c");
  private static final SealedSeed.Cost LOW = new SealedSeed.Cost(8 * 1024, 1, 1);
  private static final ByteVector SEALED = SealedSeed.seal(SEED, passphrase(), LOW, SALT, NONCE);

  private static char[] passphrase() {
    return "Säule 7".toCharArray();
  }

  @Test
  void opensWithItsPassphrase() {
    assertEquals(SEED, SealedSeed.open(SEALED, passphrase()));
    ByteVector standard =
        SealedSeed.seal(SEED, passphrase(), SealedSeed.Cost.STANDARD, SALT, NONCE);
    assertEquals(SEED, SealedSeed.open(standard, passphrase()));
    assertEquals(SealedSeed.SIZE, standard.size());
  }

  @Test
  void staysTheSameForever() {
    assertEquals(
        "43505344010000200000000001010102030405060708090a0b0c0d0e0f100102030405060708090a0b0c"
            + "227c1652d5e1761f7148ce1b29ab2a55e44ab186ac7be732349c92f1a2394f67b6b4dba3c1aca62b286f81002c03662a",
        SEALED.toHex());
  }

  @Test
  void saysSoWhenThePassphraseIsWrong() {
    var e =
        assertThrows(
            SealedSeed.WrongPassphraseException.class,
            () -> SealedSeed.open(SEALED, "Säule 8".toCharArray()));
    assertTrue(String.valueOf(e.getMessage()).contains("passphrase is wrong"));
  }

  @Property(tries = 30)
  void anyChangedByteIsNoticed(@ForAll @IntRange(max = SealedSeed.SIZE - 1) int at) {
    ByteVector changed = SEALED.update(at, (byte) (SEALED.get(at) ^ 0x01));
    assertThrows(RuntimeException.class, () -> SealedSeed.open(changed, passphrase()));
  }

  @Test
  void refusesWhatIsNoSealedSeed() {
    assertMessage("bytes", SEALED.dropRight(1));
    assertMessage("CPSD", SEALED.update(0, (byte) 0));
    assertMessage("version 9", SEALED.update(4, (byte) 9));
  }

  @Test
  void doesNotSpendTheMachineOnATamperedCost() {
    assertMessage("memory", SEALED.update(5, (byte) 0x7f));
    assertMessage("iterations", SEALED.update(9, (byte) 0x7f));
    assertMessage("lanes", SEALED.update(13, (byte) 0x7f));
  }

  @Test
  void refusesSaltAndNonceOfWrongSize() {
    assertThrows(
        IllegalArgumentException.class,
        () -> SealedSeed.seal(SEED, passphrase(), LOW, NONCE, NONCE));
    assertThrows(
        IllegalArgumentException.class, () -> SealedSeed.seal(SEED, passphrase(), LOW, SALT, SALT));
  }

  private static void assertMessage(String part, ByteVector sealed) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> SealedSeed.open(sealed, passphrase()));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.toString());
  }
}
