package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.stream.Stream;
import kotlinx.serialization.json.JsonObject;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class KeyDerivationTest {
  private static final Signer SIGNER = Signer.best();

  @TestFactory
  Stream<DynamicTest> reproducesAppendixE() {
    return Bolt3Vectors.tests("key_derivation", KeyDerivationTest::check);
  }

  private static void check(Bolt3Vectors.Node vector) {
    var in = vector.get("inputs");
    PublicKey base = in.publicKey("base_point");
    PublicKey point = in.publicKey("per_commitment_point");
    PrivateKey baseSecret = in.privateKey("base_secret");
    ByteVector32 secret = in.bytes32("per_commitment_secret");
    var expected = vector.get("expected");
    String key = ((JsonObject) expected.element()).keySet().iterator().next();
    String derived =
        switch (key) {
          case "localpubkey" -> KeyDerivation.derivePublicKey(base, point, SIGNER).toHex();
          case "localprivkey" ->
              KeyDerivation.derivePrivateKey(baseSecret, point, SIGNER).value.toHex();
          case "revocationpubkey" -> KeyDerivation.revocationPublicKey(base, point, SIGNER).toHex();
          case "revocationprivkey" ->
              KeyDerivation.revocationPrivateKey(baseSecret, secret, SIGNER).value.toHex();
          default -> throw new AssertionError("unknown vector " + key);
        };
    assertEquals(expected.text(key), derived);
  }

  @Test
  void derivesTheKnownKeysFromBasepointAndPoint() {
    PublicKey base =
        PublicKey.fromHex("036d6caac248af96f6afa7f904f550253a0f3ef3f5aa2fe6838a95b216691468e2");
    PublicKey point =
        PublicKey.fromHex("025f7117a78150fe2ef97db7cfc83bd57b2e2c0d0dd25eaf467a4a1c2a45ce1486");
    assertEquals(
        "0235f2dbfaa89b57ec7b055afe29849ef7ddfeb1cefdb9ebdc43f5494984db29e5",
        KeyDerivation.derivePublicKey(base, point, SIGNER).toHex());
    assertEquals(
        "02916e326636d19c33f13e8c0c3a03dd157f332f3e99c317c141dd865eb01f8ff0",
        KeyDerivation.revocationPublicKey(base, point, SIGNER).toHex());
  }

  @Property(tries = 100)
  void privateKeysBelongToThePublicOnes(
      @ForAll @LongRange(min = 0) long owner, @ForAll @LongRange(min = 0) long other) {
    ChannelKeys ours = ChannelKeys.derive(ByteVector32.Zeroes, owner);
    ChannelKeys theirs = ChannelKeys.derive(ByteVector32.One, other);
    PublicKey point = ours.perCommitmentPoint(5, SIGNER);
    assertEquals(
        KeyDerivation.derivePublicKey(ours.basepoints(SIGNER).htlc(), point, SIGNER),
        SIGNER.publicKey(KeyDerivation.derivePrivateKey(ours.htlcBase(), point, SIGNER)));
    assertEquals(
        KeyDerivation.revocationPublicKey(theirs.basepoints(SIGNER).revocation(), point, SIGNER),
        SIGNER.publicKey(
            KeyDerivation.revocationPrivateKey(
                theirs.revocationBase(), ours.perCommitmentSecret(5), SIGNER)));
  }
}
