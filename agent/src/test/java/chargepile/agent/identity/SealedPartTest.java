package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Only the device that asked learns the KGC's part of its key. */
final class SealedPartTest {
  private static final Signer SIGNER = Signer.best();
  private static final PrivateKey DEVICE = key("11");
  private static final ByteVector SECRET = new ByteVector("5a".repeat(32));
  private static final ByteVector CONTEXT = new ByteVector("c0ffee");

  private static final int SIZE = 33 + 32 + 16;

  private static ByteVector sealed() {
    return SealedPart.seal(SIGNER, SIGNER.publicKey(DEVICE), key("22"), SECRET, CONTEXT);
  }

  private static PrivateKey key(String octet) {
    return PrivateKey.fromHex(octet.repeat(32));
  }

  @Test
  void theDeviceOpensIt() {
    assertEquals(SIZE, sealed().size());
    assertEquals(Optional.of(SECRET), SealedPart.open(SIGNER, DEVICE, sealed(), CONTEXT));
  }

  @Test
  void nobodyElseOpensIt() {
    assertEquals(Optional.empty(), SealedPart.open(SIGNER, key("33"), sealed(), CONTEXT));
  }

  @Test
  void itBelongsToItsContext() {
    assertEquals(
        Optional.empty(), SealedPart.open(SIGNER, DEVICE, sealed(), new ByteVector("c0ffed")));
  }

  @Test
  void itDoesNotShowTheSecret() {
    assertFalse(sealed().toHex().contains(SECRET.toHex()));
  }

  @Property(tries = 200)
  void aChangedBitIsNoticed(@ForAll @IntRange(max = SIZE * 8 - 1) int bit) {
    byte[] changed = sealed().toByteArray();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    assertEquals(
        Optional.empty(), SealedPart.open(SIGNER, DEVICE, new ByteVector(changed), CONTEXT));
  }

  @Property(tries = 50)
  void aPieceOfItIsNoticed(@ForAll @IntRange(max = SIZE - 1) int size) {
    assertEquals(Optional.empty(), SealedPart.open(SIGNER, DEVICE, sealed().take(size), CONTEXT));
  }
}
