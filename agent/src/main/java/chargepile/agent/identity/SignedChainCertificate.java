package chargepile.agent.identity;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import java.util.Optional;

/**
 * A certificate for the registry contract, with its centre's signature (P1-10). Whether it holds,
 * the contract says: it knows its centre by address.
 */
public record SignedChainCertificate(ChainCertificate certificate, EvmSignature signature) {

  /** Whose signature it is; empty when it is nobody's. */
  public Optional<EvmAddress> signedBy(Signer signer) {
    return signature.signer(signer, certificate.digest());
  }
}
