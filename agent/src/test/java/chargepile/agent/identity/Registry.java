package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A centre with parties for tests: the same keys each time, by their names. */
public final class Registry {
  public static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  public static final Instant NOT_AFTER = Instant.parse("2027-01-01T00:00:00Z");

  public final Pairing pairing;
  public final KeyGenerationCentre centre;
  public final KgcParameters parameters;
  private long serial;

  /** A party with all its keys. */
  public record Party(IdentityKey key, Certificate certificate, PrivateKey node) {
    public PartyId id() {
      return key.party();
    }
  }

  public Registry(String name, Pairing pairing) {
    this.pairing = pairing;
    this.centre =
        new KeyGenerationCentre(
            new PartyId(name), new MasterKey(scalar("master " + name)), pairing);
    this.parameters = centre.parameters();
  }

  public Party party(String name, Role role) {
    PartyId id = new PartyId(name);
    IdentityKey key = centre.issue(id, scalar("tag " + name)).complete(pairing);
    PrivateKey node = new PrivateKey(digest("node " + name));
    Certificate certificate = centre.certify(registration(key, role, node.publicKey()));
    return new Party(key, certificate, node);
  }

  /** What a driver of that name asks to be certified. */
  public RegistrationRequest.Subject subject(PartyId party) {
    return new RegistrationRequest.Subject(
        parameters.id(),
        party,
        Role.USER,
        new PrivateKey(digest("node " + party)).publicKey(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public Registration registration(IdentityKey key, Role role, PublicKey node) {
    boolean pile = role == Role.PILE;
    return new Registration(
        parameters.id(),
        ++serial,
        key.party(),
        role,
        1,
        key.publicKey(),
        node,
        pile
            ? Optional.of(new PrivateKey(digest("meter " + key.party())).publicKey())
            : Optional.empty(),
        pile ? Optional.of(22_000L) : Optional.empty(),
        Optional.empty(),
        NOT_BEFORE,
        NOT_AFTER);
  }

  /** Signed by all, one after another. */
  public SignedSettlement sign(SettlementCertificate terms, List<Party> parties)
      throws InvalidSignatureException {
    List<Certificate> certificates = parties.stream().map(Party::certificate).toList();
    PartialSignature signature = sign(SignerSet.certified(certificates), terms.encode(), parties);
    return new SignedSettlement(terms, certificates, signature.point());
  }

  public PartialSignature sign(SignerSet signers, ByteVector message, List<Party> parties)
      throws InvalidSignatureException {
    MultiSignature scheme = new MultiSignature(pairing);
    PartialSignature signature = scheme.start(signers, message, parties.getFirst().key());
    for (Party party : parties.subList(1, parties.size())) {
      signature = scheme.add(signature, signers, message, party.key());
    }
    return signature;
  }

  public static SignerSet set(Collection<Party> parties) {
    return SignerSet.certified(parties.stream().map(Party::certificate).toList());
  }

  /** 22 kWh sold at 30 ct by one to the other. */
  public static SettlementCertificate settlement(PartyId seller, PartyId buyer) {
    var side =
        new SettlementCertificate.Side(
            MilliWattHours.ofWattHours(22_000), new Amount(500_000), new Amount(11_000_000));
    return new SettlementCertificate(
        new Ledger.Bitcoin(digest("chain")),
        new ChannelId(digest("channel")),
        new SessionId(new ByteVector(digest("session").toByteArray()).take(16)),
        Optional.of(7L),
        Optional.of(digest("match")),
        seller,
        buyer,
        side,
        side,
        MilliWattHours.ofWattHours(1_000_000),
        MilliWattHours.ofWattHours(1_022_000),
        digest("root"),
        23,
        NOW,
        NOW.plusSeconds(86_400));
  }

  /** A scalar by its name. */
  public static Zq scalar(String name) {
    return Digest.toScalar("test", new ByteVector(name.getBytes(StandardCharsets.US_ASCII)));
  }

  static ByteVector32 digest(String name) {
    return new ByteVector(name.getBytes(StandardCharsets.US_ASCII)).sha256();
  }
}
