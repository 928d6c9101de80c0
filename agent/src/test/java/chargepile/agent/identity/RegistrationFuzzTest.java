package chargepile.agent.identity;

import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.identity.Registry.Party;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a device and a centre read from each other: the same bytes again, or the one refusal. */
class RegistrationFuzzTest {
  private static final Pairing PAIRING = BlstPairing.load();

  @TestFactory
  Stream<DynamicTest> doors() {
    Registry registry = new Registry("kgc", PAIRING);
    Signer signer = Signer.best();
    Party pile = registry.party("pile-1", Role.PILE);
    Registration registered = pile.certificate().registration();
    RegistrationRequest request =
        RegistrationRequest.of(
            new RegistrationRequest.Subject(
                registered.kgc(),
                registered.party(),
                registered.role(),
                registered.nodeKey(),
                registered.meterKey(),
                registered.ratedPowerWatts(),
                registered.evmAccount()),
            pile.node(),
            Registry.scalar("share"),
            signer,
            PAIRING);
    RegistrationReply reply =
        RegistrationReply.of(
            pile.certificate(),
            registry.centre.issue(pile.id(), Zq.of(7)),
            new PrivateKey(Registry.digest("once")),
            signer);
    return Fuzz.tests(
        door(
            "a request to be registered",
            request.encode(),
            bytes -> RegistrationRequest.decode(bytes, PAIRING).encode()),
        door(
            "a reply of a key generation centre",
            reply.encode(),
            bytes -> RegistrationReply.decode(bytes, PAIRING).encode()),
        Door.open(
            "a message of device and centre",
            RegistrationMessageTest.all().map(RegistrationMessage::encode).toList(),
            RegistrationMessage::decode));
  }

  private static Door door(String name, ByteVector sample, Function<ByteVector, ByteVector> again) {
    return Door.of(
        name,
        List.of(sample.toByteArray()),
        MalformedIdentityException.class,
        input -> {
          if (!again.apply(new ByteVector(input)).equals(new ByteVector(input))) {
            throw new IllegalStateException("it is written to other bytes than it was read from");
          }
        });
  }
}
