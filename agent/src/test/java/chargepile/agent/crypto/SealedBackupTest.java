package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.SealedBackup.UnreadableBackupException;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SealedBackupTest {
  private static final ByteVector32 SEED = new ByteVector32("a5".repeat(32));
  private static final ByteVector NONCE = new ByteVector("0102030405060708090a0b0c");
  private static final byte[] CONTENT = "what a backup holds".getBytes(StandardCharsets.UTF_8);

  private static byte[] sealed() {
    return SealedBackup.seal(SEED, CONTENT, NONCE).toByteArray();
  }

  @Property(tries = 200)
  void whatWasSealedComesOutAgain(
      @ForAll @Size(max = 3000) byte[] content,
      @ForAll @Size(32) byte[] seed,
      @ForAll @Size(12) byte[] nonce) {
    ByteVector32 secret = new ByteVector32(seed);
    byte[] sealed = SealedBackup.seal(secret, content, new ByteVector(nonce)).toByteArray();
    assertArrayEquals(content, SealedBackup.open(secret, sealed));
  }

  @Test
  void everyFlippedByteIsRefused() {
    byte[] sealed = sealed();
    for (int at = 0; at < sealed.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = sealed.clone();
        flipped[at] ^= (byte) (1 << bit);
        refused(SEED, flipped);
      }
    }
  }

  @Test
  void everyTruncationAndEveryByteTooMuchIsRefused() {
    byte[] sealed = sealed();
    for (int length = 0; length < sealed.length; length++) {
      refused(SEED, Arrays.copyOf(sealed, length));
    }
    refused(SEED, Arrays.copyOf(sealed, sealed.length + 1));
  }

  /** Whoever mends the checksum has not the key. */
  @Test
  void aForgedContentIsRefused() {
    byte[] forged = sealed();
    forged[30] ^= 1;
    ByteVector body = new ByteVector(forged).dropRight(8);
    String message = refused(SEED, body.concat(body.sha256().take(8)).toByteArray());
    assertTrue(message.contains("changed on purpose"), message);
  }

  @Test
  void anotherSeedIsToldFromADamage() {
    String message = refused(new ByteVector32("5a".repeat(32)), sealed());
    assertTrue(message.contains("another seed"), message);
    byte[] damaged = sealed();
    damaged[damaged.length - 20] ^= 1;
    assertTrue(refused(SEED, damaged).contains("damaged"));
  }

  @Test
  void aNewerVersionIsNamed() {
    byte[] newer = sealed();
    newer[4] = 2;
    String message = refused(SEED, newer);
    assertTrue(message.contains("version 2") && message.contains("newer program"), message);
  }

  @Property(tries = 500)
  void anyOtherFileIsRefused(@ForAll @Size(max = 300) byte[] bytes) {
    refused(SEED, bytes);
  }

  @Property(tries = 50)
  void theContentIsNotToBeSeen(@ForAll @IntRange(max = 255) int value) {
    byte[] content = new byte[64];
    Arrays.fill(content, (byte) value);
    String sealed = SealedBackup.seal(SEED, content, NONCE).toHex();
    assertFalse(sealed.contains(new ByteVector(content).toHex().substring(0, 16)));
  }

  @Test
  void staysTheSameForever() {
    assertEquals(
        "43505342013eb2e4330d13898d0102030405060708090a0b0c"
            + "0496f3c5b58b977c51352a5e784bc37f664b7c903b5896536d77964ce4184a6ad73afb"
            + "ea4baab842bf70ab",
        new ByteVector(sealed()).toHex());
  }

  private static String refused(ByteVector32 seed, byte[] bytes) {
    return String.valueOf(
        assertThrows(UnreadableBackupException.class, () -> SealedBackup.open(seed, bytes))
            .getMessage());
  }
}
