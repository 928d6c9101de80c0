package chargepile.agent.identity;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/**
 * What a harmed party signs, without which the agency accuses nobody (P1-11): EIP-712's {@code
 * Complaint}, for one registry contract on one chain, and good for one verdict.
 *
 * @param amount that the accused is to lose of its bond, and the harmed party's owner to get
 * @param evidence hash of what shows it
 */
public record ChainComplaint(
    PartyId accused, Amount amount, PartyId harmed, ByteVector32 evidence) {
  private static final ByteVector32 TYPE =
      Keccak256.hash("Complaint(bytes32 accused,uint128 amount,bytes32 harmed,bytes32 evidence)");

  public ChainComplaint {
    if (accused.equals(harmed)) {
      throw new IllegalArgumentException(accused + " complains of itself");
    }
    if (amount.equals(Amount.ZERO)) {
      throw new IllegalArgumentException("a complaint over nothing");
    }
  }

  /** {@code Registry.complaintDigest}. */
  public ByteVector32 digest(long chainId, EvmAddress registry) {
    ByteVector32 structHash =
        Keccak256.hash(TYPE, accused.hash(), Eip712.word(amount.value()), harmed.hash(), evidence);
    return Eip712.digest(AccountProof.DOMAIN, chainId, registry, structHash);
  }

  /**
   * The signature that the agency brings along.
   *
   * @param account the key of the harmed party's account, or of its bond's owner
   */
  public EvmSignature sign(long chainId, EvmAddress registry, PrivateKey account, Signer signer) {
    return EvmSignature.sign(signer, digest(chainId, registry), account);
  }
}
