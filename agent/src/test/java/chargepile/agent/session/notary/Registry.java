package chargepile.agent.session.notary;

import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.identity.IdentityKey;
import chargepile.agent.identity.IssuedKey;
import chargepile.agent.identity.KeyGenerationCentre;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.MasterKey;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.Revocation;
import chargepile.agent.identity.RevocationList;
import chargepile.agent.identity.Role;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHA512Digest;

/** A key generation centre of tests, and the parties that it registered. */
public final class Registry {
  public static final Pairing PAIRING = Pairing.best();
  public static final Registry TRUSTED = new Registry("kgc.test");
  public static final Registry FOREIGN = new Registry("kgc.elsewhere");

  /** From when to when certificates are valid. */
  public static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");

  public static final Instant UNTIL = Instant.parse("2040-01-01T00:00:00Z");

  /** A registered party. */
  public record Party(IdentityKey key, Certificate certificate) {
    public ByteVector shown() {
      return certificate.encode();
    }
  }

  private final KeyGenerationCentre centre;
  private long serials = 1;

  private Registry(String name) {
    this.centre =
        new KeyGenerationCentre(
            new PartyId(name), MasterKey.generate(entropy("master of " + name)), PAIRING);
  }

  private static byte[] entropy(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    SHA512Digest digest = new SHA512Digest();
    digest.update(bytes, 0, bytes.length);
    byte[] hash = new byte[64];
    digest.doFinal(hash, 0);
    return hash;
  }

  public Party pile(String name, PublicKey nodeKey, Optional<PublicKey> meterKey, long watts) {
    return register(name, Role.PILE, nodeKey, meterKey, Optional.of(watts), UNTIL);
  }

  public Party driver(String name, PublicKey nodeKey) {
    return driver(name, nodeKey, UNTIL);
  }

  public Party driver(String name, PublicKey nodeKey, Instant until) {
    return register(name, Role.USER, nodeKey, Optional.empty(), Optional.empty(), until);
  }

  private synchronized Party register(
      String name,
      Role role,
      PublicKey nodeKey,
      Optional<PublicKey> meterKey,
      Optional<Long> watts,
      Instant until) {
    return register(name, "tag of " + name, role, nodeKey, meterKey, watts, until);
  }

  /** The same party with another identity key, and a certificate of it. */
  public synchronized Party renewed(Party party) {
    Registration was = party.certificate().registration();
    return register(
        was.party().value(),
        "another tag of " + was.party().value(),
        was.role(),
        was.nodeKey(),
        was.meterKey(),
        was.ratedPowerWatts(),
        was.notAfter());
  }

  private Party register(
      String name,
      String tag,
      Role role,
      PublicKey nodeKey,
      Optional<PublicKey> meterKey,
      Optional<Long> watts,
      Instant until) {
    PartyId party = new PartyId(name);
    IssuedKey issued = centre.issue(party, Zq.reduce(entropy(tag)));
    IdentityKey key = issued.complete(PAIRING);
    Certificate certificate =
        centre.certify(
            new Registration(
                centre.parameters().id(),
                serials++,
                party,
                role,
                1,
                key.publicKey(),
                nodeKey,
                meterKey,
                watts,
                Optional.empty(),
                FROM,
                until));
    return new Party(key, certificate);
  }

  /** A list on which these are revoked. */
  public RevocationList revoked(Party... parties) {
    return centre.revoke(
        1,
        FROM,
        Arrays.stream(parties)
            .map(p -> new Revocation(p.certificate().registration().serial(), FROM))
            .toList());
  }

  public CertificateCheck check(RevocationList... revocations) {
    return new CertificateCheck(
        centre.parameters(), List.of(revocations).stream().findFirst(), PAIRING);
  }

  /** The clerk of a party that trusts this centre. */
  public Clerk clerk(Party party, ByteVector32 chainHash, RevocationList... revocations) {
    return new SigningClerk(
        check(revocations), party.key(), party.certificate(), new Ledger.Bitcoin(chainHash));
  }
}
