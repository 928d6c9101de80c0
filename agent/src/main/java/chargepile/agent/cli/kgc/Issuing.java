package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.IssuedKey;
import chargepile.agent.identity.KeyGenerationCentre;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.runtime.Json;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Issues keys and certificates (P1-08, P1-10), each once: what is issued is in the audit log, reply
 * and all, before anybody gets it.
 */
final class Issuing {
  /** For machines whose clock is slow; a Raspberry Pi has none that runs without power. */
  private static final Duration CLOCK_ERROR = Duration.ofDays(1);

  private final KgcFolder folder;
  private final Signer signer;
  private final Pairing pairing;
  private final SecureRandom random;

  Issuing(KgcFolder folder, Signer signer, Pairing pairing, SecureRandom random) {
    this.folder = folder;
    this.signer = signer;
    this.pairing = pairing;
    this.random = random;
  }

  /**
   * What the operator wants.
   *
   * @param reissue the serial number of the certificate that is to be revoked, as its party, which
   *     is registered, gets a new key
   * @param contact whom to call; kept in the log alone (P1-05)
   * @param company the registrar of a pile with an EVM account (P1-12)
   */
  record Terms(
      int days, Optional<Long> reissue, Optional<String> contact, Optional<PartyId> company) {}

  /** Opens the master key; asked for only when something is to be issued. */
  interface Centre {
    KeyGenerationCentre open() throws CommandFailedException, IOException;
  }

  /**
   * What a request is answered with.
   *
   * @param fresh whether it was issued just now
   */
  record Issued(Register.Issue issue, boolean fresh) {}

  /**
   * Answers a request: with what it was answered before, or with a new key.
   *
   * @throws CommandFailedException when nothing is issued, with the reason
   */
  Issued issue(RegistrationRequest request, Terms terms, Centre centre, Instant now)
      throws CommandFailedException, IOException {
    Optional<String> objection = request.objection(folder.parameters(), signer, pairing);
    if (objection.isPresent()) {
      throw new CommandFailedException(objection.get() + "; nothing was issued");
    }
    requireRegistrar(request.subject(), terms, now);
    Optional<Register.Issue> replaced = Optional.empty();
    switch (folder.register().answer(request, now)) {
      case Register.Answer.Fresh _ -> {
        if (terms.reissue().isPresent()) {
          throw new CommandFailedException(
              "%s was never registered: leave out --reissue; nothing was issued"
                  .formatted(request.subject().party()));
        }
      }
      case Register.Answer.Again(Register.Issue issue) -> {
        if (terms.reissue().isEmpty() || isReplacedBy(terms.reissue().get(), issue)) {
          requireSameRegistrar(issue, terms);
          return new Issued(issue, false);
        }
        replaced = Optional.of(requireMeant(terms.reissue().get(), issue));
      }
      case Register.Answer.Taken(Register.Issue by, String why) -> {
        if (terms.reissue().isEmpty()) {
          throw new CommandFailedException(
              why
                  + "; nothing was issued. If it is to have a new key, and the old certificate to"
                  + " end, say --reissue=%d".formatted(by.serial()));
        }
        replaced = Optional.of(requireMeant(terms.reissue().get(), by));
      }
      case Register.Answer.Impossible(String why) ->
          throw new CommandFailedException(why + "; nothing was issued");
    }
    return new Issued(make(request, terms, replaced, centre.open(), now), true);
  }

  private void requireRegistrar(RegistrationRequest.Subject subject, Terms terms, Instant now)
      throws CommandFailedException {
    if (terms.company().isEmpty()) {
      return;
    }
    PartyId company = terms.company().get();
    if (subject.role() != Role.PILE || subject.evmAccount().isEmpty()) {
      throw new CommandFailedException(
          "--company %s: a company registers piles that name an account on an EVM chain (register --registry), and %s is %s; nothing was issued"
              .formatted(
                  company,
                  subject.party(),
                  subject.role() == Role.PILE ? "a pile without one" : "none"));
    }
    boolean known =
        folder
            .register()
            .latest(company)
            .filter(issue -> issue.role() == Role.COMPANY && issue.gone().isEmpty())
            .filter(issue -> now.isBefore(issue.notAfter()))
            .isPresent();
    if (!known) {
      throw new CommandFailedException(
          "--company %s: no company of that name is registered here with a certificate that holds; nothing was issued"
              .formatted(company));
    }
  }

  /** An answer that was given is not given again with another company. */
  private void requireSameRegistrar(Register.Issue issue, Terms terms)
      throws CommandFailedException {
    Optional<PartyId> given =
        RegistrationReply.decode(issue.reply(), pairing)
            .chain()
            .flatMap(chain -> chain.certificate().company());
    if (terms.company().isPresent() && !terms.company().equals(given)) {
      throw new CommandFailedException(
          "--company %s: the request was answered before, %s (serial %d); for another certificate say --reissue=%d"
              .formatted(
                  terms.company().get(),
                  given.map(company -> "for the company " + company).orElse("without a company"),
                  issue.serial(),
                  issue.serial()));
    }
  }

  /** Whether that was done already: the reply was lost, or the command was given twice. */
  private boolean isReplacedBy(long serial, Register.Issue latest) {
    return folder
        .register()
        .bySerial(serial)
        .filter(old -> old.party().equals(latest.party()))
        .filter(old -> old.version() + 1 == latest.version())
        .isPresent();
  }

  private static Register.Issue requireMeant(long serial, Register.Issue latest)
      throws CommandFailedException {
    if (latest.serial() != serial) {
      throw new CommandFailedException(
          "--reissue=%d: the last certificate of %s is serial %d; nothing was issued"
              .formatted(serial, latest.party(), latest.serial()));
    }
    return latest;
  }

  private Register.Issue make(
      RegistrationRequest request,
      Terms terms,
      Optional<Register.Issue> replaced,
      KeyGenerationCentre centre,
      Instant now)
      throws IOException {
    RegistrationRequest.Subject subject = request.subject();
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    IssuedKey key = centre.issue(subject, tag(), request.share(), request.possession());
    Registration registration =
        new Registration(
            centre.parameters().id(),
            folder.register().nextSerial(),
            subject.party(),
            subject.role(),
            replaced.map(old -> old.version() + 1).orElse(1),
            key.publicKey(),
            subject.nodeKey(),
            subject.meterKey(),
            subject.ratedPowerWatts(),
            subject.evmAccount(),
            second.minus(CLOCK_ERROR),
            second.plus(Duration.ofDays(terms.days())));
    Certificate certificate = centre.certify(registration);
    RegistrationReply answer = RegistrationReply.of(certificate, key, once(), signer);
    if (registration.evmAccount().isPresent()) {
      answer = answer.with(centre.certifyForChain(registration, terms.company(), signer));
    }
    ByteVector reply = answer.encode();
    folder.record(
        now, Register.ISSUED, fields(request, registration, replaced, terms, reply, second));
    return folder.register().bySerial(registration.serial()).orElseThrow();
  }

  private static Map<String, Json> fields(
      RegistrationRequest request,
      Registration registration,
      Optional<Register.Issue> replaced,
      Terms terms,
      ByteVector reply,
      Instant second) {
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("serial", Json.of(registration.serial()));
    fields.put("id", Json.of(registration.party().value()));
    fields.put("role", Json.of(registration.role().name()));
    fields.put("version", Json.of(registration.keyVersion()));
    fields.put("node", Json.of(registration.nodeKey().toHex()));
    registration.meterKey().ifPresent(key -> fields.put("meter", Json.of(key.toHex())));
    registration.ratedPowerWatts().ifPresent(watts -> fields.put("rated_power_w", Json.of(watts)));
    registration
        .evmAccount()
        .ifPresent(account -> fields.put("account", Json.of(Lines.account(account))));
    terms.company().ifPresent(company -> fields.put("company", Json.of(company.value())));
    fields.put("not_before", Json.of(registration.notBefore().toString()));
    fields.put("not_after", Json.of(registration.notAfter().toString()));
    fields.put("replaces", Json.of(replaced.map(Register.Issue::serial).orElse(0L)));
    replaced.ifPresent(old -> fields.put("since", Json.of(second.toString())));
    fields.put("request", Json.of(request.encode().sha256().toHex()));
    fields.put("reply", Json.of(reply.toHex()));
    terms.contact().ifPresent(contact -> fields.put("contact", Json.of(contact)));
    return fields;
  }

  /** K_ID, uniform in 1 to q-1. */
  private Zq tag() {
    Zq tag;
    do {
      tag = Zq.reduce(bytes(Zq.UNIFORM_BYTES));
    } while (tag.isZero());
    return tag;
  }

  private PrivateKey once() {
    PrivateKey key;
    do {
      key = new PrivateKey(bytes(32));
    } while (!key.isValid());
    return key;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
