package chargepile.agent.cli.identity;

import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.IssuedKey;
import chargepile.agent.identity.KeyGenerationCentre;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.MasterKey;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.runtime.NodeKeys;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A key generation centre in memory, and devices that ask it: keys from names. */
public final class TestKgc {
  public static final Pairing PAIRING = Pairing.best();
  public static final Signer SIGNER = Signer.best();
  public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final KeyGenerationCentre centre;

  public TestKgc(String name) {
    byte[] entropy = seed(name).concat(seed(name + "'")).toByteArray();
    centre = new KeyGenerationCentre(new PartyId(name), MasterKey.generate(entropy), PAIRING);
  }

  public static ByteVector32 seed(String name) {
    return new ByteVector32(
        new ByteVector(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)).sha256());
  }

  public static NodeKeys device(String name) {
    return new NodeKeys(seed(name), SIGNER);
  }

  public KeyGenerationCentre centre() {
    return centre;
  }

  public KgcParameters parameters() {
    return centre.parameters();
  }

  /** The request of the device of that name. */
  public RegistrationRequest request(String name, Role role) {
    NodeKeys keys = device(name);
    boolean pile = role == Role.PILE;
    return RegistrationRequest.of(
        new RegistrationRequest.Subject(
            parameters().id(),
            new PartyId(name),
            role,
            keys.nodeId(),
            pile ? Optional.of(keys.meterId()) : Optional.empty(),
            pile ? Optional.of(22_000L) : Optional.empty(),
            Optional.empty()),
        keys.nodeKey(),
        keys.identityShare(),
        SIGNER,
        PAIRING);
  }

  /** What it answers, from {@link #NOW} on for a year. */
  public RegistrationReply reply(RegistrationRequest request, long serial) {
    return reply(request, serial, NOW, NOW.plus(Duration.ofDays(365)));
  }

  public RegistrationReply reply(
      RegistrationRequest request, long serial, Instant from, Instant until) {
    RegistrationRequest.Subject subject = request.subject();
    IssuedKey key = centre.issue(subject, Zq.of(serial), request.share(), request.possession());
    Certificate certificate =
        centre.certify(
            new Registration(
                parameters().id(),
                serial,
                subject.party(),
                subject.role(),
                1,
                key.publicKey(),
                subject.nodeKey(),
                subject.meterKey(),
                subject.ratedPowerWatts(),
                subject.evmAccount(),
                from,
                until));
    return RegistrationReply.of(certificate, key, new PrivateKey(seed("once " + serial)), SIGNER);
  }
}
