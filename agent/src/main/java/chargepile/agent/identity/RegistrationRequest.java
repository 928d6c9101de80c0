package chargepile.agent.identity;

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
 * @param signature with the node key, on all that stands before
 */
public record RegistrationRequest(
    Subject subject, G2Point share, ProofOfPossession possession, ByteVector64 signature) {
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

  /** A request, signed with what it is about. */
  public static RegistrationRequest of(
      Subject subject, PrivateKey nodeKey, Zq share, Signer signer, Pairing pairing) {
    G2Point shown = pairing.publicKey(share);
    ProofOfPossession possession = ProofOfPossession.prove(subject, share, pairing);
    return signed(subject, shown, possession, nodeKey, signer);
  }

  static RegistrationRequest signed(
      Subject subject,
      G2Point share,
      ProofOfPossession possession,
      PrivateKey nodeKey,
      Signer signer) {
    ByteVector64 signature = signer.sign(digest(subject, share, possession), nodeKey);
    return new RegistrationRequest(subject, share, possession, signature);
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
    if (subject.evmAccount().isPresent()) {
      return Optional.of(
          "the request names an EVM account, and nothing in it proves that its sender has the"
              + " account's key: leave the account out");
    }
    ByteVector32 digest = digest(subject, share, possession);
    if (!signer.verify(digest, signature, subject.nodeKey())) {
      return Optional.of(
          "the request is not signed with the node key that it names: it was changed, or is"
              + " somebody else's");
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
    return body(subject, share, possession).bytes(signature).toByteVector();
  }

  /** Throws {@link MalformedIdentityException}; {@link #objection} says whether it holds. */
  public static RegistrationRequest decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "request to be registered",
        MAGIC,
        bytes,
        in ->
            new RegistrationRequest(
                new Subject(
                    in.bytes32(),
                    in.party(),
                    Role.of(in.u8()),
                    in.key(),
                    in.optional(in::key),
                    in.optional(in::u63),
                    in.optional(() -> EvmAccount.read(in))),
                in.g2(pairing),
                new ProofOfPossession(in.g1(pairing)),
                new ByteVector64(in.bytes(64).toByteArray())));
  }

  private static ByteVector32 digest(Subject subject, G2Point share, ProofOfPossession possession) {
    return Digest.of(TAG, body(subject, share, possession).toByteVector());
  }

  private static FieldWriter body(Subject subject, G2Point share, ProofOfPossession possession) {
    return subject.write(FieldWriter.of(MAGIC)).point(share).point(possession.point());
  }
}
