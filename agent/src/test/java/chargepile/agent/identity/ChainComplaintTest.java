package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a harmed party signs (P1-11); that the contract takes it, {@code ChainForms} shows. */
class ChainComplaintTest {
  private static final PartyId PILE = new PartyId("pile-1");
  private static final PartyId DRIVER = new PartyId("alice");
  private static final ByteVector32 EVIDENCE = Registry.digest("evidence");
  private static final EvmAddress CONTRACT = new EvmAddress(new ByteVector("d0".repeat(20)));
  private static final ChainComplaint COMPLAINT =
      new ChainComplaint(PILE, new Amount(100), DRIVER, EVIDENCE);

  @Test
  void itIsSignedByTheHarmedPartysAccount() {
    Signer signer = Signer.best();
    PrivateKey key = new PrivateKey(Registry.digest("account of alice"));
    EvmSignature signature = COMPLAINT.sign(5, CONTRACT, key, signer);
    assertEquals(
        Optional.of(EvmSignature.address(key.publicKey())),
        signature.signer(signer, COMPLAINT.digest(5, CONTRACT)));
  }

  @Test
  void itIsForOneChainContractPartyAmountAndEvidence() {
    ByteVector32 digest = COMPLAINT.digest(5, CONTRACT);
    EvmAddress elsewhere = new EvmAddress(new ByteVector("d1".repeat(20)));
    assertNotEquals(digest, COMPLAINT.digest(6, CONTRACT));
    assertNotEquals(digest, COMPLAINT.digest(5, elsewhere));
    for (ChainComplaint other :
        new ChainComplaint[] {
          new ChainComplaint(new PartyId("pile-2"), new Amount(100), DRIVER, EVIDENCE),
          new ChainComplaint(PILE, new Amount(101), DRIVER, EVIDENCE),
          new ChainComplaint(PILE, new Amount(100), new PartyId("bob"), EVIDENCE),
          new ChainComplaint(PILE, new Amount(100), DRIVER, ByteVector32.One)
        }) {
      assertNotEquals(digest, other.digest(5, CONTRACT));
    }
  }

  @Test
  void nobodyComplainsOfItselfOrOverNothing() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ChainComplaint(PILE, new Amount(1), PILE, EVIDENCE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ChainComplaint(PILE, Amount.ZERO, DRIVER, EVIDENCE));
  }
}
