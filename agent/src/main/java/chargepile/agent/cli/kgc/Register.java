package chargepile.agent.cli.kgc;

import chargepile.agent.cli.DamagedLogException;
import chargepile.agent.cli.identity.Roles;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.ChainRevocation;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Revocation;
import chargepile.agent.identity.Role;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Who is registered: what the lines of the audit log come to. */
final class Register {
  static final String CREATED = "created";
  static final String ISSUED = "issued";
  static final String REVOKED = "revoked";
  static final String DENIED = "denied";
  static final String EXPORTED = "exported";

  private final SequencedMap<Long, Issue> issues = new TreeMap<>();
  private final Map<PartyId, Long> latest = new LinkedHashMap<>();
  private final Map<ByteVector32, Denial> denials = new LinkedHashMap<>();
  private long lists;

  private Register() {}

  /**
   * A certificate that was issued.
   *
   * @param version of the party's key, from 1
   * @param request SHA-256 of the request it answers
   * @param reply what the device was answered, and is answered again
   */
  record Issue(
      long serial,
      PartyId party,
      Role role,
      int version,
      PublicKey node,
      Optional<PublicKey> meter,
      ByteVector32 request,
      Instant notBefore,
      Instant notAfter,
      ByteVector reply,
      Optional<Gone> gone) {
    private Issue gone(Gone end) {
      return new Issue(
          serial,
          party,
          role,
          version,
          node,
          meter,
          request,
          notBefore,
          notAfter,
          reply,
          Optional.of(end));
    }
  }

  /**
   * That it is revoked, and why.
   *
   * @param replaced by a later certificate of the same party, and for no other reason
   */
  record Gone(Instant since, String reason, boolean replaced) {}

  /** A request that the operator refused. */
  record Denial(ByteVector request, String reason) {}

  /** What becomes of a request. */
  sealed interface Answer {
    /** It was answered; the answer is the same. */
    record Again(Issue issue) implements Answer {}

    /** Nothing speaks against issuing. */
    record Fresh() implements Answer {}

    /** Nothing is issued unless the operator asks for a new key; a sentence without a full stop. */
    record Taken(Issue by, String why) implements Answer {}

    /** Nothing can be issued; a sentence without a full stop. */
    record Impossible(String why) implements Answer {}
  }

  static Register of(List<AuditLog.Line> lines) {
    Register register = new Register();
    for (AuditLog.Line line : lines) {
      try {
        register.take(line);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new DamagedLogException(
            "%s, line %d says what can't be: %s"
                .formatted(AuditLog.NAME, line.number(), e.getMessage()),
            e);
      }
    }
    return register;
  }

  private void take(AuditLog.Line line) {
    switch (line.event()) {
      case ISSUED -> issued(line);
      case REVOKED ->
          revoke(
              line.natural("serial"),
              new Gone(Instant.parse(line.text("since")), line.text("reason"), false));
      case DENIED -> {
        ByteVector request = line.bytes("request");
        denials.put(new ByteVector32(request.sha256()), new Denial(request, line.text("reason")));
      }
      case EXPORTED -> lists = Math.max(lists, line.natural("list"));
      case CREATED -> {}
      default ->
          throw new DamagedLogException(
              "%s, line %d: this program does not know \"%s\": use the newer one"
                  .formatted(AuditLog.NAME, line.number(), line.event()));
    }
  }

  private void issued(AuditLog.Line line) {
    Issue issue =
        new Issue(
            line.natural("serial"),
            new PartyId(line.text("id")),
            Role.valueOf(line.text("role")),
            Math.toIntExact(line.natural("version")),
            new PublicKey(line.bytes("node")),
            line.optionalBytes("meter").map(PublicKey::new),
            new ByteVector32(line.bytes("request")),
            Instant.parse(line.text("not_before")),
            Instant.parse(line.text("not_after")),
            line.bytes("reply"),
            Optional.empty());
    long replaced = line.natural("replaces");
    if (replaced != 0) {
      revoke(
          replaced,
          new Gone(Instant.parse(line.text("since")), "replaced by " + issue.serial(), true));
    }
    if (issues.putIfAbsent(issue.serial(), issue) != null) {
      throw new IllegalArgumentException("serial %d twice".formatted(issue.serial()));
    }
    latest.put(issue.party(), issue.serial());
    denials.remove(issue.request()); // approved after all
  }

  /** An end that is earlier than the one known counts; a later one does not. */
  private void revoke(long serial, Gone end) {
    Issue issue = issues.get(serial);
    if (issue == null) {
      throw new IllegalArgumentException("serial %d was never issued".formatted(serial));
    }
    if (issue.gone().isEmpty() || end.since().isBefore(issue.gone().get().since())) {
      issues.put(serial, issue.gone(end));
    }
  }

  /** All that was issued, by serial number. */
  List<Issue> issues() {
    return List.copyOf(issues.values());
  }

  Optional<Issue> latest(PartyId party) {
    return Optional.ofNullable(latest.get(party)).map(issues::get);
  }

  Optional<Issue> bySerial(long serial) {
    return Optional.ofNullable(issues.get(serial));
  }

  Optional<Denial> denial(ByteVector request) {
    return Optional.ofNullable(denials.get(new ByteVector32(request.sha256())));
  }

  List<Denial> denials() {
    return List.copyOf(denials.values());
  }

  long nextSerial() {
    return issues.isEmpty() ? 1 : issues.lastEntry().getKey() + 1;
  }

  long nextList() {
    return lists + 1;
  }

  List<Revocation> revocations() {
    List<Revocation> all = new ArrayList<>();
    issues
        .values()
        .forEach(
            issue ->
                issue
                    .gone()
                    .ifPresent(end -> all.add(new Revocation(issue.serial(), end.since()))));
    all.sort(Comparator.comparingLong(Revocation::serial));
    return all;
  }

  /**
   * What registry contracts should know: the last version of each party's keys that was revoked
   * otherwise than by a later certificate, which takes its place there by being registered.
   */
  List<ChainRevocation> chainRevocations(Pairing pairing) {
    Map<String, ChainRevocation> last = new TreeMap<>();
    for (Issue issue : issues.values()) {
      if (issue.gone().filter(gone -> !gone.replaced()).isPresent()) {
        RegistrationReply.decode(issue.reply(), pairing)
            .certificate()
            .registration()
            .evmAccount()
            .map(
                account ->
                    new ChainRevocation(
                        issue.party(),
                        issue.version(),
                        account.chainId(),
                        new EvmAddress(account.registry())))
            .ifPresent(
                found ->
                    last.merge(
                        "%s@%d:%s".formatted(found.party(), found.chainId(), found.registry()),
                        found,
                        (a, b) -> a.keyVersion() > b.keyVersion() ? a : b));
      }
    }
    return List.copyOf(last.values());
  }

  /** What becomes of a request that is sound in itself. */
  Answer answer(RegistrationRequest request, Instant now) {
    RegistrationRequest.Subject subject = request.subject();
    Optional<Issue> known = latest(subject.party());
    Optional<Issue> other =
        issues.values().stream()
            .filter(issue -> isOthers(issue, subject, now))
            .filter(issue -> issue.node().equals(subject.nodeKey()))
            .findFirst();
    Optional<Issue> sameMeter =
        issues.values().stream()
            .filter(issue -> isOthers(issue, subject, now))
            .filter(issue -> issue.meter().isPresent() && issue.meter().equals(subject.meterKey()))
            .findFirst();
    if (known.isPresent() && known.get().role() != subject.role()) {
      return new Answer.Impossible(
          "%s is registered as a %s and the request says %s: a name keeps its role, choose another name"
              .formatted(
                  subject.party(), Roles.name(known.get().role()), Roles.name(subject.role())));
    }
    if (other.isPresent()) {
      return new Answer.Impossible(
          "the node key of the request is registered as %s (serial %d): one device has one name"
              .formatted(other.get().party(), other.get().serial()));
    }
    if (sameMeter.isPresent()) {
      return new Answer.Impossible(
          "the meter key of the request is registered with %s (serial %d): one meter has one name"
              .formatted(sameMeter.get().party(), sameMeter.get().serial()));
    }
    return known.<Answer>map(issue -> again(issue, request, now)).orElseGet(Answer.Fresh::new);
  }

  /** A certificate that is valid, under another name. */
  private static boolean isOthers(Issue issue, RegistrationRequest.Subject subject, Instant now) {
    return !issue.party().equals(subject.party())
        && issue.gone().isEmpty()
        && now.isBefore(issue.notAfter());
  }

  private static Answer again(Issue issue, RegistrationRequest request, Instant now) {
    if (!issue.request().equals(new ByteVector32(request.encode().sha256()))) {
      return new Answer.Taken(
          issue,
          "%s is registered already (serial %d, node key %s), by another request"
              .formatted(issue.party(), issue.serial(), issue.node().toHex()));
    }
    if (issue.gone().isPresent()) {
      return new Answer.Taken(
          issue,
          "the certificate of %s (serial %d) is revoked since %s: %s"
              .formatted(
                  issue.party(),
                  issue.serial(),
                  issue.gone().get().since(),
                  issue.gone().get().reason()));
    }
    if (!now.isBefore(issue.notAfter())) {
      return new Answer.Taken(
          issue,
          "the certificate of %s (serial %d) expired at %s"
              .formatted(issue.party(), issue.serial(), issue.notAfter()));
    }
    return new Answer.Again(issue);
  }
}
