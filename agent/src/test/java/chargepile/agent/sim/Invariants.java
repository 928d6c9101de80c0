package chargepile.agent.sim;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Commit;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.SettlementRow;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.store.Snapshot;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold of everything that a party stores, whatever happens (design: invariants). */
final class Invariants {
  private record Signed(Who who, ChannelId channel, long number) {}

  private final Map<Signed, byte[]> signed = new HashMap<>();
  private final Map<ChannelId, Map<Who, SigningMarks>> marks = new HashMap<>();
  private final Map<Who, RegistersRow> registers = new EnumMap<>(Who.class);

  private final Map<Who, Map<ChannelId, byte[]>> states = new EnumMap<>(Who.class);
  private final PaymentBook payments;

  private record Account(Who who, SessionId session) {}

  private final Map<Account, ReceiptRow> receipts = new HashMap<>();
  private final Set<SettlementRow> settled = new HashSet<>();
  private final Set<Account> finished = new HashSet<>();
  private final Map<Who, List<String>> told = new EnumMap<>(Who.class);

  Invariants(PaymentBook payments) {
    this.payments = payments;
  }

  /**
   * A commit is durable.
   *
   * @param height of the chain now
   */
  void stored(Who who, Commit commit, long height) {
    commit.receipts().forEach(row -> receipts.put(new Account(who, row.session()), row));
    commit.settlements().forEach(row -> settlement(who, row));
    commit.channels().forEach(row -> channel(who, row, height));
    commit.registers().ifPresent(row -> registers(who, row));
  }

  /** What the disk holds when a program starts: all that was ever committed to it. */
  void kept(Who who, Snapshot disk) {
    Map<ChannelId, byte[]> known = states.getOrDefault(who, Map.of());
    Map<ChannelId, byte[]> found = new HashMap<>();
    disk.channels().forEach(row -> found.put(row.id(), row.state()));
    known.forEach(
        (id, state) -> {
          if (!Arrays.equals(state, found.get(id))) {
            throw new Violation(who + ": the disk lost a commit of channel " + id);
          }
        });
    RegistersRow last = registers.getOrDefault(who, RegistersRow.ZERO);
    if (!disk.registers().equals(last)) {
      throw new Violation(
          "%s: the disk has %s, committed was %s".formatted(who, disk.registers(), last));
    }
  }

  /** What the older copy holds is what was committed to it. */
  void restored(Who who, Snapshot disk) {
    registers.put(who, disk.registers());
  }

  /**
   * From now on an older copy of the party's disk is in use: what it holds is behind. It cannot
   * know of a commitment that it signed after the copy was made and that its peer never had, and
   * may sign that number again; had the peer had it, {@code channel_reestablish} would tell.
   */
  void forget(Who who) {
    states.remove(who);
    registers.remove(who);
    marks.values().forEach(known -> known.remove(who));
    signed.keySet().removeIf(known -> known.who == who);
  }

  /**
   * A settlement certificate that anybody stores is signed by both, says what its owner's receipt
   * does, and is the only one of its session and direction.
   */
  private void settlement(Who who, SettlementRow row) {
    SignedSettlement signed = SignedSettlement.decode(row.signed(), Registry.PAIRING);
    CertificateCheck check = Registered.check();
    signed
        .verify(check.parameters(), check.revocations(), check.pairing())
        .ifPresent(
            refusal -> {
              throw new Violation(who + " keeps a settlement: " + refusal.explanation());
            });
    ReceiptRow receipt = receipts.get(new Account(who, row.session()));
    if (receipt == null) {
      throw new Violation(who + " keeps a settlement of a session that it has no receipt of");
    }
    ReceiptRow.Paid paid =
        row.direction() == Direction.IMPORT ? receipt.imported() : receipt.exported();
    long amount = signed.terms().sold().amount().value();
    // A payment that was under way when the pile gave up waiting may come to pass after all, or be
    // in the driver's commitment alone, and another be published.
    if (who == Who.DRIVER ? amount > paid.msat() : amount < paid.msat()) {
      throw new Violation(
          "%s: the settlement says %d msat, the receipt %d".formatted(who, amount, paid.msat()));
    }
    SettlementCertificate terms = signed.terms();
    long counted = terms.meterEnd().minus(terms.meterStart()).value();
    long metered = receipt.metered().map(m -> metered(m, row.direction())).orElse(counted);
    if (counted != metered) {
      throw new Violation(
          "%s: the settlement says %d mWh metered, the receipt %d"
              .formatted(who, counted, metered));
    }
    // A driver's receipt names its own commitment, and a pile's that of the moment it was written.
    if (who == Who.PILE
        && amount == paid.msat()
        && terms.finalCommitment() != receipt.commitmentNumber()) {
      throw new Violation(
          "%s: the settlement names commitment %d, the receipt %d"
              .formatted(who, terms.finalCommitment(), receipt.commitmentNumber()));
    }
    for (SettlementRow other : settled) {
      if (other.session().equals(row.session())
          && other.direction() == row.direction()
          && !other.equals(row)) {
        throw new Violation("two settlements of session " + row.session());
      }
    }
    settled.add(row);
    finished.add(new Account(who, row.session()));
  }

  private static long metered(ReceiptRow.Metered metered, Direction direction) {
    return direction == Direction.IMPORT ? metered.importMwh() : metered.exportMwh();
  }

  /** A party told its owner that there is no settlement, for now or for good. */
  void told(Who who, String text) {
    told.computeIfAbsent(who, _ -> new ArrayList<>()).add(text);
  }

  /**
   * What a quiet end of certified parties must not leave: a session that both have the same account
   * of, with neither a settlement certificate nor word of why there is none.
   */
  Optional<String> unsettled() {
    return receipts.keySet().stream()
        .filter(account -> areAgreed(account.session()))
        .filter(account -> !finished.contains(account))
        .filter(
            account ->
                told.getOrDefault(account.who(), List.of()).stream()
                    .noneMatch(text -> text.contains(account.session().toString())))
        .map(account -> "%s of session %s".formatted(account.who(), account.session()))
        .findFirst();
  }

  /** Honest parties that have the same account of a session find no difference in what it says. */
  Optional<String> difference() {
    return told.getOrDefault(Who.DRIVER, List.of()).stream()
        .filter(text -> text.contains(" is proposed, it is "))
        .filter(
            text ->
                receipts.keySet().stream()
                    .map(Account::session)
                    .anyMatch(s -> text.contains(s.toString()) && areAgreed(s)))
        .findFirst();
  }

  private boolean areAgreed(SessionId session) {
    ReceiptRow pile = receipts.get(new Account(Who.PILE, session));
    ReceiptRow driver = receipts.get(new Account(Who.DRIVER, session));
    return pile != null
        && driver != null
        && pile.metered().isPresent()
        && driver.metered().isPresent()
        && pile.imported().equals(driver.imported())
        && pile.imported().msat() > 0;
  }

  private void channel(Who who, ChannelRow row, long height) {
    states.computeIfAbsent(who, _ -> new HashMap<>()).put(row.id(), row.state());
    Channel channel = ChannelCodec.decode(row.state());
    if (!Arrays.equals(ChannelCodec.encode(channel), row.state())) {
      throw new Violation(who + ": the stored channel does not survive its bytes");
    }
    channel.commitments().ifPresent(now -> balances(who, now));
    channel.commitments().ifPresent(now -> payments.stored(who, now, height));
    marks(who, row);
  }

  /** Balances and HTLCs of every commitment add up to the capacity. */
  private static void balances(Who who, Commitments now) {
    long capacity = now.setup().capacity().value() * 1000;
    sum(who, "local", now.local().allocation().spec(), capacity);
    sum(who, "remote", now.remote().allocation().spec(), capacity);
    now.remoteNext()
        .ifPresent(next -> sum(who, "next remote", next.commit().allocation().spec(), capacity));
  }

  private static void sum(Who who, String which, CommitmentSpec spec, long capacity) {
    long htlcs = spec.htlcs().stream().mapToLong(htlc -> htlc.amount().value()).sum();
    long sum = spec.toLocal().value() + spec.toRemote().value() + htlcs;
    if (sum != capacity) {
      throw new Violation(
          "%s: the %s commitment divides %d msat of %d".formatted(who, which, sum, capacity));
    }
  }

  /** A number is signed for one content only; marks only rise; a successor precedes a secret. */
  private void marks(Who who, ChannelRow row) {
    SigningMarks now = row.marks();
    SigningMarks before =
        marks
            .computeIfAbsent(row.id(), _ -> new EnumMap<>(Who.class))
            .getOrDefault(who, SigningMarks.NONE);
    if (now.remoteSigned() < before.remoteSigned()
        || now.localStored() < before.localStored()
        || now.revoked() < before.revoked()) {
      throw new Violation("%s: signing marks fell from %s to %s".formatted(who, before, now));
    }
    if (now.revoked() >= now.localStored() && now.revoked() != SigningMarks.NOTHING) {
      throw new Violation(
          "%s: secret %d is given away, commitment %d the last one stored"
              .formatted(who, now.revoked(), now.localStored()));
    }
    byte[] content =
        signed.putIfAbsent(new Signed(who, row.id(), now.remoteSigned()), now.remoteSignedDigest());
    if (content != null && !Arrays.equals(content, now.remoteSignedDigest())) {
      throw new Violation(
          "%s: commitment %d was signed with two contents".formatted(who, now.remoteSigned()));
    }
    marks.get(row.id()).put(who, now);
  }

  /** Registers never run backwards. */
  private void registers(Who who, RegistersRow row) {
    RegistersRow before = registers.getOrDefault(who, RegistersRow.ZERO);
    if (row.importMwh() < before.importMwh() || row.exportMwh() < before.exportMwh()) {
      throw new Violation("%s: registers fell from %s to %s".formatted(who, before, row));
    }
    registers.put(who, row);
  }
}
