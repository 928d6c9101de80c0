package chargepile.agent.identity;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/**
 * What a device asks a key generation centre to certify (P1-10), with the proof that it has the
 * secrets of its node key and of its share of the identity key. The same device asks with the same
 * bytes each time.
 *
 * @param share x_user · P, of the share that the device keeps to itself (P1-09b)
 * @param account shows that it has the key of the EVM account that it names; there if one is named
 * @param signature with the node key, on all that stands before
 */
public record RegistrationRequest(
    Subject subject,
    G2Point share,
    ProofOfPossession possession,
    Optional<AccountProof> account,
    ByteVector64 signature) {
  private static final String MAGIC = "CPRQ1";
  private static final String TAG = "CHARGEPILE-V1-REQUEST";
  private static final int FINGERPRINT_DIGITS = 16;

  /**
   * Whom and what the certificate is to name.
   *
   * @param kgc {@link KgcParameters#id} of the centre that is asked; another one refuses
   * @param meterKey of a pile, and of nobody else; as {@code ratedPowerWatts}
   */
  public record Subject(
      ByteVector32 kgc,
      PartyId party,
      Role role,
      PublicKey nodeKey,
      Optional<PublicKey> meterKey,
      Optional<Long> ratedPowerWatts,
      Optional<EvmAccount> evmAccount) {
    /** One encoding a subject. */
    FieldWriter write(FieldWriter out) {
      return out.bytes(kgc)
          .party(party)
          .u8(role.code())
          .key(nodeKey)
          .optional(meterKey, out::key)
          .optional(ratedPowerWatts, out::u64)
          .optional(evmAccount, account -> account.write(out));
    }
  }

  public RegistrationRequest {
    if (account.isPresent() != subject.evmAccount().isPresent()) {
      throw new IllegalArgumentException(
          "an EVM account is named with the proof that its key is there, and not without");
    }
  }

  /** A request that names no EVM account, signed with what it is about. */
  public static RegistrationRequest of(
      Subject subject, PrivateKey nodeKey, Zq share, Signer signer, Pairing pairing) {
    return of(subject, nodeKey, share, Optional.empty(), signer, pairing);
  }

  /**
   * A request, signed with what it is about.
   *
   * @param accountKey of the EVM account that the subject names, if it does
   */
  public static RegistrationRequest of(
      Subject subject,
      PrivateKey nodeKey,
      Zq share,
      Optional<PrivateKey> accountKey,
      Signer signer,
      Pairing pairing) {
    G2Point shown = pairing.publicKey(share);
    ProofOfPossession possession = ProofOfPossession.prove(subject, share, pairing);
    Optional<AccountProof> account =
        accountKey.map(key -> AccountProof.prove(subject, key, signer));
    return signed(subject, shown, possession, account, nodeKey, signer);
  }

  static RegistrationRequest signed(
      Subject subject,
      G2Point share,
      ProofOfPossession possession,
      Optional<AccountProof> account,
      PrivateKey nodeKey,
      Signer signer) {
    ByteVector64 signature =
        signer.sign(Digest.of(TAG, body(subject, share, possession, account)), nodeKey);
    return new RegistrationRequest(subject, share, possession, account, signature);
  }

  /**
   * The first thing that keeps a centre from certifying this, or nothing; a sentence without a full
   * stop.
   */
  public Optional<String> objection(KgcParameters centre, Signer signer, Pairing pairing) {
    if (!subject.kgc().equals(centre.id())) {
      return Optional.of(
          "the request is for the key generation centre %s, this is %s (%s): make it with this centre's parameters"
              .formatted(subject.kgc().toHex(), centre.id().toHex(), centre.name()));
    }
    boolean pile = subject.role() == Role.PILE;
    if (subject.meterKey().isPresent() != pile || subject.ratedPowerWatts().isPresent() != pile) {
      return Optional.of(
          pile
              ? "a pile is registered with its meter key and rated power, and one is missing"
              : "a %s has no meter key and no rated power: only a pile has"
                  .formatted(subject.role()));
    }
    ByteVector32 digest = Digest.of(TAG, body(subject, share, possession, account));
    if (!signer.verify(digest, signature, subject.nodeKey())) {
      return Optional.of(
          "the request is not signed with the node key that it names: it was changed, or is"
              + " somebody else's");
    }
    if (account.filter(proof -> !proof.verify(subject, signer)).isPresent()) {
      return Optional.of(
          "the request does not prove that its sender has the key of the EVM account it names");
    }
    if (!possession.verify(subject, share, pairing)) {
      return Optional.of(
          "the request does not prove that its sender has the secret of its key share");
    }
    return Optional.empty();
  }

  /** By which two people compare a request: four groups of four hex digits. */
  public String fingerprint() {
    String hex = encode().sha256().toHex().substring(0, FINGERPRINT_DIGITS);
    return hex.replaceAll("(.{4})(?=.)", "$1-");
  }

  /** Public bytes, some 300. */
  public ByteVector encode() {
    return new FieldWriter()
        .bytes(body(subject, share, possession, account))
        .bytes(signature)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}; {@link #objection} says whether it holds. */
  public static RegistrationRequest decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "request to be registered",
        MAGIC,
        bytes,
        in -> {
          Subject subject =
              new Subject(
                  in.bytes32(),
                  in.party(),
                  Role.of(in.u8()),
                  in.key(),
                  in.optional(in::key),
                  in.optional(in::u63),
                  in.optional(() -> EvmAccount.read(in)));
          return new RegistrationRequest(
              subject,
              in.g2(pairing),
              new ProofOfPossession(in.g1(pairing)),
              subject.evmAccount().map(_ -> account(in)),
              new ByteVector64(in.bytes(64).toByteArray()));
        });
  }

  private static AccountProof account(FieldReader in) {
    return new AccountProof(EvmSignature.of(in.bytes(EvmSignature.BYTES)));
  }

  private static ByteVector body(
      Subject subject,
      G2Point share,
      ProofOfPossession possession,
      Optional<AccountProof> account) {
    FieldWriter out = subject.write(FieldWriter.of(MAGIC)).point(share).point(possession.point());
    account.ifPresent(proof -> out.bytes(proof.signature().bytes()));
    return out.toByteVector();
  }
}
