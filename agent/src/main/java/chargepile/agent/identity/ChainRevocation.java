package chargepile.agent.identity;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;

/**
 * That the centre revokes all versions of a party's keys up to one, in the form that the registry
 * contract takes (P1-10): EIP-712's {@code Revocation}, for one contract on one chain. Anybody may
 * bring it there; the centre needs no network.
 *
 * @param keyVersion 1 to 65535
 */
public record ChainRevocation(PartyId party, int keyVersion, long chainId, EvmAddress registry) {
  private static final ByteVector32 TYPE =
      Keccak256.hash("Revocation(bytes32 id,uint16 keyVersion)");
  private static final int LAST_VERSION = 0xffff;

  public ChainRevocation {
    if (keyVersion < 1 || keyVersion > LAST_VERSION) {
      throw new IllegalArgumentException("keys have versions 1 to 65535, not " + keyVersion);
    }
    if (chainId <= 0) {
      throw new IllegalArgumentException("an EVM chain id is above 0");
    }
  }

  /** With its centre's signature; whether that is the registry's centre, the contract says. */
  public record Signed(ChainRevocation revocation, EvmSignature signature) {
    /** Whose signature it is; empty when it is nobody's. */
    public Optional<EvmAddress> signedBy(Signer signer) {
      return signature.signer(signer, revocation.digest());
    }
  }

  /** {@code Registry.revocationDigest}. */
  public ByteVector32 digest() {
    ByteVector32 structHash = Keccak256.hash(TYPE, party.hash(), Eip712.word(keyVersion));
    return Eip712.digest(AccountProof.DOMAIN, chainId, registry, structHash);
  }

  Signed sign(Signer signer, PrivateKey centre) {
    return new Signed(this, EvmSignature.sign(signer, digest(), centre));
  }
}
