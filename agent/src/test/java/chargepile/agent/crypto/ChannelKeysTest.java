package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChannelKeysTest {
  private static final ByteVector32 SEED = new ByteVector32("07".repeat(32));
  private static final Signer SIGNER = Signer.best();

  @Test
  void staysTheSameForever() {
    // A change of these values would lose the money of every open channel.
    ChannelKeys keys = ChannelKeys.derive(SEED, 3);
    assertEquals(
        "8511b1b7c164b6a4160034b5b52b2d568000043c0efa335dd6ac1a5bc3d98556",
        keys.funding().value.toHex());
    assertEquals(
        "4657a0ce3aaba5f8dded4c3eadae224d50e38473fd94e805487bcee19f7b3688",
        keys.commitmentSeed().seed().toHex());
    assertEquals(
        "2cb0d3da62d4273424d1e42aee563890d28623e5fa14f24ef98ba6038f90321f",
        NodeKey.derive(SEED).value.toHex());
  }

  @Test
  void allSecretsDiffer() {
    long distinct =
        Stream.of(ChannelKeys.derive(SEED, 0), ChannelKeys.derive(SEED, 1))
            .flatMap(
                keys ->
                    Stream.of(
                        keys.funding().value,
                        keys.revocationBase().value,
                        keys.paymentBase().value,
                        keys.delayedBase().value,
                        keys.htlcBase().value,
                        keys.commitmentSeed().seed()))
            .distinct()
            .count();
    assertEquals(12, distinct);
    assertNotEquals(NodeKey.derive(SEED), NodeKey.derive(ByteVector32.Zeroes));
  }

  @Test
  void pointsBelongToSecrets() {
    ChannelKeys keys = ChannelKeys.derive(SEED, 0);
    assertEquals(
        SIGNER.publicKey(new PrivateKey(keys.perCommitmentSecret(9))),
        keys.perCommitmentPoint(9, SIGNER));
    assertEquals(
        Shachain.secret(keys.commitmentSeed().seed(), Shachain.index(9)),
        keys.perCommitmentSecret(9));
    assertEquals(SIGNER.publicKey(keys.htlcBase()), keys.basepoints(SIGNER).htlc());
  }

  @Test
  void refusesANegativeIndex() {
    assertThrows(IllegalArgumentException.class, () -> ChannelKeys.derive(SEED, -1));
  }

  @Test
  void doesNotPrintSecrets() {
    ChannelKeys keys = ChannelKeys.derive(SEED, 0);
    assertFalse(keys.toString().contains(keys.commitmentSeed().seed().toHex()));
    assertFalse(keys.toString().contains(keys.funding().value.toHex()));
  }
}
