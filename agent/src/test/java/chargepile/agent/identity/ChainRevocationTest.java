package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a centre signs for a registry contract (P1-10); that it is taken, the commands' test shows.
 */
class ChainRevocationTest {
  private static final PartyId THIEF = new PartyId("thief");
  private static final EvmAddress CONTRACT = new EvmAddress(new ByteVector("d0".repeat(20)));
  private static final ChainRevocation REVOCATION = new ChainRevocation(THIEF, 2, 5, CONTRACT);

  @Test
  void itIsSignedByTheCentre() {
    Signer signer = Signer.best();
    PrivateKey centre = new PrivateKey(Registry.digest("centre"));
    assertEquals(
        Optional.of(EvmSignature.address(centre.publicKey())),
        REVOCATION.sign(signer, centre).signedBy(signer));
  }

  @Test
  void itIsForOnePartyVersionChainAndContract() {
    EvmAddress elsewhere = new EvmAddress(new ByteVector("d1".repeat(20)));
    for (ChainRevocation other :
        new ChainRevocation[] {
          new ChainRevocation(new PartyId("honest"), 2, 5, CONTRACT),
          new ChainRevocation(THIEF, 1, 5, CONTRACT),
          new ChainRevocation(THIEF, 2, 6, CONTRACT),
          new ChainRevocation(THIEF, 2, 5, elsewhere)
        }) {
      assertNotEquals(REVOCATION.digest(), other.digest());
    }
  }

  @Test
  void versionsAreThoseThatTheContractCounts() {
    for (int version : new int[] {0, -1, 65_536}) {
      assertThrows(
          IllegalArgumentException.class, () -> new ChainRevocation(THIEF, version, 5, CONTRACT));
    }
    assertThrows(IllegalArgumentException.class, () -> new ChainRevocation(THIEF, 1, 0, CONTRACT));
  }
}
