package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The certificates that a centre has revoked: signed, numbered and dated. A list replaces every
 * list with a lower number.
 *
 * @param kgc {@link KgcParameters#id} of the centre
 * @param number 1 or more, rises with each list
 * @param issued whole seconds
 * @param revocations by rising serial number, none twice
 */
public record RevocationList(
    ByteVector32 kgc,
    long number,
    Instant issued,
    List<Revocation> revocations,
    G1Point signature) {
  private static final String MAGIC = "CPRL1";
  private static final int MOST = 65_535;

  public RevocationList {
    revocations = List.copyOf(revocations);
    if (number < 1) {
      throw new IllegalArgumentException("a revocation list's number is 1 or more");
    }
    WholeSeconds.check("a revocation list's date", issued);
    if (revocations.size() > MOST) {
      throw new IllegalArgumentException("a revocation list has at most " + MOST + " entries");
    }
    for (int i = 1; i < revocations.size(); i++) {
      if (revocations.get(i - 1).serial() >= revocations.get(i).serial()) {
        throw new IllegalArgumentException("revocations are listed by rising serial number");
      }
    }
  }

  /** Since when a certificate is revoked; empty when it is not. */
  public Optional<Instant> revokedSince(long serial) {
    return revocations.stream()
        .filter(revocation -> revocation.serial() == serial)
        .map(Revocation::since)
        .findFirst();
  }

  /** Whether the centre signed it. */
  public boolean isSignedBy(KgcParameters parameters, Pairing pairing) {
    return kgc.equals(parameters.id())
        && pairing.verify(
            signature,
            pairing.hashToG1(body(kgc, number, issued, revocations), Suite.REVOCATION_LIST),
            parameters.publicKey());
  }

  public ByteVector encode() {
    return FieldWriter.of("")
        .bytes(body(kgc, number, issued, revocations))
        .point(signature)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static RevocationList decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "revocation list",
        MAGIC,
        bytes,
        in ->
            new RevocationList(
                in.bytes32(),
                in.u63(),
                in.instant(),
                in.list(MOST, () -> new Revocation(in.u63(), in.instant())),
                in.g1(pairing)));
  }

  /** What the centre signs. */
  static ByteVector body(
      ByteVector32 kgc, long number, Instant issued, List<Revocation> revocations) {
    FieldWriter out = FieldWriter.of(MAGIC);
    return out.bytes(kgc)
        .u64(number)
        .instant(issued)
        .list(revocations, entry -> out.u64(entry.serial()).instant(entry.since()))
        .toByteVector();
  }
}
