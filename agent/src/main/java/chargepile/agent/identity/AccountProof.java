package chargepile.agent.identity;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;

/**
 * Shows that a party has the key of the account on an EVM chain that it names (P1-10): EIP-712's
 * {@code Possession}, as the registry contract checks it too, for that contract on that chain.
 *
 * @param signature with the account's key
 */
public record AccountProof(EvmSignature signature) {
  static final String DOMAIN = "Chargepile Registry";

  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "Possession(bytes32 id,uint8 role,address account,bytes nodeKey,bytes meterKey,"
              + "uint64 ratedPowerW)");

  /**
   * The proof for what is asked for.
   *
   * @param key of the account that {@code subject} names
   * @throws IllegalArgumentException when the subject names none, or another
   */
  public static AccountProof prove(
      RegistrationRequest.Subject subject, PrivateKey key, Signer signer) {
    AccountProof proof = new AccountProof(EvmSignature.sign(signer, digest(subject), key));
    if (!proof.verify(subject, signer)) {
      throw new IllegalArgumentException(
          "the key is not that of the EVM account which " + subject.party() + " names");
    }
    return proof;
  }

  /**
   * Whether the account's key signed this subject.
   *
   * @throws IllegalArgumentException when the subject names no account
   */
  public boolean verify(RegistrationRequest.Subject subject, Signer signer) {
    EvmAddress named = new EvmAddress(account(subject).address());
    return signature.signer(signer, digest(subject)).filter(named::equals).isPresent();
  }

  /** {@code Registry.possessionDigest}. */
  static ByteVector32 digest(RegistrationRequest.Subject subject) {
    EvmAccount account = account(subject);
    ByteVector32 structHash =
        Keccak256.hash(
            TYPE,
            subject.party().hash(),
            Eip712.word(subject.role().code()),
            Eip712.word(new EvmAddress(account.address())),
            Keccak256.hash(subject.nodeKey().value),
            Keccak256.hash(subject.meterKey().map(AccountProof::bytes).orElse(ByteVector.empty)),
            Eip712.word(subject.ratedPowerWatts().orElse(0L)));
    return Eip712.digest(DOMAIN, account.chainId(), new EvmAddress(account.registry()), structHash);
  }

  private static ByteVector bytes(PublicKey key) {
    return key.value;
  }

  private static EvmAccount account(RegistrationRequest.Subject subject) {
    return subject
        .evmAccount()
        .orElseThrow(() -> new IllegalArgumentException(subject.party() + " names no EVM account"));
  }
}
