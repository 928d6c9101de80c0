package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a settlement certificate says (P1-33), from one side's account of the session; and what of
 * another's proposal is not that.
 */
record SettlementTerms(Ledger ledger) {
  /** For how long it may be presented. */
  private static final Duration PRESENTABLE = Duration.ofDays(365);

  /** What the clocks of two honest parties may differ. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /**
   * What a pile proposes.
   *
   * @param settledAt not before the session's end
   */
  SettlementCertificate of(Pending settlement, PartyId pile, PartyId driver, Instant settledAt) {
    SessionAccount account = settlement.account();
    Instant at = settledAt.truncatedTo(ChronoUnit.SECONDS);
    return of(settlement, pile, driver, account.mostCommitment(), at, at.plus(PRESENTABLE));
  }

  private SettlementCertificate of(
      Pending settlement,
      PartyId pile,
      PartyId driver,
      long commitment,
      Instant settledAt,
      Instant expiry) {
    SessionAccount account = settlement.account();
    Direction direction = settlement.direction();
    SessionTotals.Total paid = account.paid().total(direction);
    MilliWattHours delivered = account.delivered(direction);
    // What is paid ahead when the session ends was not sold.
    MilliWattHours sold = paid.energy().compareTo(delivered) < 0 ? paid.energy() : delivered;
    var side =
        new SettlementCertificate.Side(sold, price(account.tariff(), direction), paid.amount());
    boolean byPile = direction == Direction.IMPORT;
    return new SettlementCertificate(
        ledger,
        account.channel(),
        settlement.id().session(),
        Optional.empty(),
        Optional.empty(),
        byPile ? pile : driver,
        byPile ? driver : pile,
        side,
        side,
        account.start(direction),
        account.end(direction),
        account.meterRoot(),
        commitment,
        settledAt,
        expiry);
  }

  private static Amount price(Tariff tariff, Direction direction) {
    return switch (direction) {
      case IMPORT -> tariff.importPricePerKwh();
      case EXPORT -> tariff.exportPricePerKwh();
    };
  }

  /**
   * Why the time of a pile's proposal is not believed; empty when it is. A pile whose clock was
   * wrong proposes another later on, so that it is any time from the session's begin to now.
   */
  Optional<String> mistimed(Pending settlement, SettlementCertificate proposed, Instant now) {
    Instant begun = settlement.account().begun();
    Instant at = proposed.settledAt();
    return at.isBefore(begun.minus(CLOCKS_DIFFER)) || at.isAfter(now.plus(CLOCKS_DIFFER))
        ? Optional.of(
            "time: %s is proposed, the session began at %s and it is %s: is a clock wrong?"
                .formatted(at, begun, now))
        : Optional.empty();
  }

  /**
   * What of a pile's proposal, but for its time, is not as the driver has it, named; empty when all
   * is.
   */
  Optional<String> difference(
      Pending settlement, PartyId pile, PartyId driver, SettlementCertificate proposed) {
    SessionAccount account = settlement.account();
    long commitment = proposed.finalCommitment();
    if (commitment < account.leastCommitment() || commitment > account.mostCommitment()) {
      return Optional.of(
          "final commitment: %d is proposed, it is one of %d to %d"
              .formatted(commitment, account.leastCommitment(), account.mostCommitment()));
    }
    Instant at = proposed.settledAt();
    SettlementCertificate expected =
        of(settlement, pile, driver, commitment, at, at.plus(PRESENTABLE));
    return expected.encode().equals(proposed.encode())
        ? Optional.empty()
        : Optional.of(difference(expected, proposed));
  }

  private static String difference(SettlementCertificate expected, SettlementCertificate proposed) {
    Map<String, Function<SettlementCertificate, Object>> fields = new LinkedHashMap<>();
    fields.put("ledger", SettlementCertificate::ledger);
    fields.put("channel", SettlementCertificate::channel);
    fields.put("session", SettlementCertificate::session);
    fields.put("cycle", SettlementCertificate::cycle);
    fields.put("match", SettlementCertificate::match);
    fields.put("seller", SettlementCertificate::seller);
    fields.put("buyer", SettlementCertificate::buyer);
    fields.put("sold", SettlementCertificate::sold);
    fields.put("bought", SettlementCertificate::bought);
    fields.put("meter start", SettlementCertificate::meterStart);
    fields.put("meter end", SettlementCertificate::meterEnd);
    fields.put("meter records", SettlementCertificate::meterRoot);
    fields.put("expiry", SettlementCertificate::expiry);
    for (Map.Entry<String, Function<SettlementCertificate, Object>> field : fields.entrySet()) {
      Object theirs = field.getValue().apply(proposed);
      Object ours = field.getValue().apply(expected);
      if (!theirs.equals(ours)) {
        return "%s: %s is proposed, it is %s".formatted(field.getKey(), theirs, ours);
      }
    }
    return "it is written in another form";
  }
}
