package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import fr.acinq.bitcoin.ByteVector32;
import org.junit.jupiter.api.Test;

/** Whoever has kept the seed has kept the share of the identity key. */
final class IdentityShareTest {
  private static final ByteVector32 SEED = new ByteVector32("11".repeat(32));

  @Test
  void theSameSeedHasTheSameShare() {
    assertEquals(IdentityShare.derive(SEED), IdentityShare.derive(SEED));
    assertFalse(IdentityShare.derive(SEED).isZero());
  }

  @Test
  void anotherSeedHasAnother() {
    assertNotEquals(
        IdentityShare.derive(SEED), IdentityShare.derive(new ByteVector32("12".repeat(32))));
  }

  /** A share that is known must not tell a key that holds money, nor the node's. */
  @Test
  void itIsNoOtherKeyOfTheSeed() {
    ByteVector32 share = IdentityShare.derive(SEED).encode();
    assertNotEquals(NodeKey.derive(SEED).value, share);
    assertNotEquals(MeterKey.derive(SEED).value, share);
  }

  /** A later version that derived another share could not open the identities of this one. */
  @Test
  void itStaysWhatItIs() {
    assertEquals(
        "1d9de88b5291a3fa1ebe43d0b0f3c5f57b374c0f82c23d6b1fd22b42050b97b1",
        IdentityShare.derive(SEED).encode().toHex());
  }
}
