package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.Optional;

/**
 * What a certificate states about a party (P1-10).
 *
 * @param kgc {@link KgcParameters#id} of the centre
 * @param serial of the certificate, 1 or more, never given twice by a centre
 * @param keyVersion of the party's key, 1 to 65,535: it rises with each issue
 * @param publicKey y_ID
 * @param nodeKey the secp256k1 key of the party's BOLT 8 handshake
 * @param meterKey the secp256k1 key that signs a pile's meter records
 * @param ratedPowerWatts of a pile, 1 or more
 * @param notBefore whole seconds, like {@code notAfter}
 * @param notAfter the first moment at which it is no longer valid; after {@code notBefore}
 */
public record Registration(
    ByteVector32 kgc,
    long serial,
    PartyId party,
    Role role,
    int keyVersion,
    G2Point publicKey,
    PublicKey nodeKey,
    Optional<PublicKey> meterKey,
    Optional<Long> ratedPowerWatts,
    Optional<EvmAccount> evmAccount,
    Instant notBefore,
    Instant notAfter) {
  private static final String MAGIC = "CPRG1";
  private static final int HIGHEST_VERSION = 65_535;

  public Registration {
    if (serial < 1) {
      throw new IllegalArgumentException("a certificate's serial number is 1 or more");
    }
    if (keyVersion < 1 || keyVersion > HIGHEST_VERSION) {
      throw new IllegalArgumentException("a key's version is 1 to " + HIGHEST_VERSION);
    }
    if (publicKey.isIdentity()) {
      throw new IllegalArgumentException("the identity point is no public key");
    }
    if (ratedPowerWatts.filter(watts -> watts < 1).isPresent()) {
      throw new IllegalArgumentException("a rated power is 1 W or more");
    }
    WholeSeconds.check("notBefore", notBefore);
    WholeSeconds.check("notAfter", notAfter);
    if (!notBefore.isBefore(notAfter)) {
      throw new IllegalArgumentException("a certificate ends after it begins");
    }
  }

  /** The bytes that the centre signs: one encoding a registration. */
  public ByteVector encode() {
    FieldWriter out = FieldWriter.of(MAGIC);
    return out.bytes(kgc)
        .u64(serial)
        .party(party)
        .u8(role.code())
        .u16(keyVersion)
        .point(publicKey)
        .key(nodeKey)
        .optional(meterKey, out::key)
        .optional(ratedPowerWatts, out::u64)
        .optional(evmAccount, account -> account.write(out))
        .instant(notBefore)
        .instant(notAfter)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static Registration decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "registration",
        MAGIC,
        bytes,
        in ->
            new Registration(
                in.bytes32(),
                in.u63(),
                in.party(),
                Role.of(in.u8()),
                in.u16(),
                in.g2(pairing),
                in.key(),
                in.optional(in::key),
                in.optional(in::u63),
                in.optional(() -> EvmAccount.read(in)),
                in.instant(),
                in.instant()));
  }
}
