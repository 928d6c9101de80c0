package chargepile.agent.identity;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;

/**
 * A registration in the form that the registry contract takes (P1-10, P1-12): signed by the
 * centre's Ethereum key, for the contract and chain of the account.
 *
 * @param registration with an EVM account
 * @param company the registrar of a pile
 */
public record ChainCertificate(Registration registration, Optional<PartyId> company) {
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "Certificate(bytes32 id,uint8 role,bytes32 company,address account,bytes identityKey,"
              + "bytes nodeKey,bytes meterKey,uint64 ratedPowerW,uint16 keyVersion,"
              + "uint64 notBefore,uint64 notAfter)");

  public ChainCertificate {
    if (registration.evmAccount().isEmpty()) {
      throw new IllegalArgumentException(
          registration.party() + " is registered without an EVM account");
    }
    if (company.isPresent() && registration.role() != Role.PILE) {
      throw new IllegalArgumentException("a company registers piles, not " + registration.party());
    }
  }

  /** {@code Registry.certificateDigest}. */
  public ByteVector32 digest() {
    EvmAccount account = registration.evmAccount().orElseThrow();
    ByteVector32 structHash =
        Keccak256.hash(
            TYPE,
            registration.party().hash(),
            Eip712.word(registration.role().code()),
            company.map(PartyId::hash).orElse(ByteVector32.Zeroes),
            Eip712.word(new EvmAddress(account.address())),
            Keccak256.hash(registration.publicKey().encode()),
            Keccak256.hash(registration.nodeKey().value),
            Keccak256.hash(registration.meterKey().map(k -> k.value).orElse(ByteVector.empty)),
            Eip712.word(registration.ratedPowerWatts().orElse(0L)),
            Eip712.word(registration.keyVersion()),
            Eip712.word(registration.notBefore().getEpochSecond()),
            Eip712.word(registration.notAfter().getEpochSecond()));
    return Eip712.digest(
        AccountProof.DOMAIN, account.chainId(), new EvmAddress(account.registry()), structHash);
  }

  /** The centre's signature, which whoever sends the certificate brings with it. */
  public EvmSignature sign(Signer signer, PrivateKey centre) {
    return EvmSignature.sign(signer, digest(), centre);
  }
}
