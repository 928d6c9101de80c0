package chargepile.agent.cli.demo;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.evm.PrivateAnvil;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.IssuedKey;
import chargepile.agent.identity.KeyGenerationCentre;
import chargepile.agent.identity.MasterKey;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SignedChainCertificate;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** The key generation centre of a demo: it lives as long as that. */
final class EvmDemoCentre {
  private static final Duration VALID = Duration.ofDays(365);
  private static final Duration CLOCK_ERROR = Duration.ofDays(1);

  private final SecureRandom random = new SecureRandom();
  private final Pairing pairing = Pairing.best();
  private final Signer signer;
  private final KeyGenerationCentre centre;
  private long serial;

  EvmDemoCentre(Signer signer) {
    this.signer = signer;
    this.centre =
        new KeyGenerationCentre(
            new PartyId("demo-kgc"), MasterKey.generate(bytes(Zq.UNIFORM_BYTES)), pairing);
  }

  EvmAddress account() {
    return centre.account(signer);
  }

  ByteVector32 parameters() {
    return centre.parameters().id();
  }

  /** As devices are: by the role's name. */
  static PartyId name(Role role) {
    return new PartyId("demo-" + role.name().toLowerCase(Locale.ROOT));
  }

  /** Answers a device's request, as {@code kgc issue} does. */
  SignedChainCertificate certify(
      NodeKeys keys, Role role, Optional<Long> ratedWatts, EvmAddress registry) {
    EvmAddress account = EvmSignature.address(keys.signer().publicKey(keys.accountKey()));
    RegistrationRequest.Subject subject =
        new RegistrationRequest.Subject(
            centre.parameters().id(),
            name(role),
            role,
            keys.nodeId(),
            ratedWatts.map(_ -> keys.meterId()),
            ratedWatts,
            Optional.of(new EvmAccount(account.value(), PrivateAnvil.CHAIN_ID, registry.value())));
    RegistrationRequest request =
        RegistrationRequest.of(
            subject,
            keys.nodeKey(),
            keys.identityShare(),
            Optional.of(keys.accountKey()),
            signer,
            pairing);
    IssuedKey issued =
        centre.issue(
            subject, Zq.reduce(bytes(Zq.UNIFORM_BYTES)), request.share(), request.possession());
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Registration registration =
        new Registration(
            centre.parameters().id(),
            ++serial,
            subject.party(),
            role,
            1,
            issued.publicKey(),
            subject.nodeKey(),
            subject.meterKey(),
            subject.ratedPowerWatts(),
            subject.evmAccount(),
            now.minus(CLOCK_ERROR),
            now.plus(VALID));
    return centre.certifyForChain(registration, Optional.empty(), signer);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
