package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one side knows of a session that has ended.
 *
 * @param paid what both signed, by the own commitment
 * @param importStart the meter's register at the start
 * @param importEnd likewise at the end
 * @param exportStart of the other register
 * @param exportEnd likewise
 * @param meterRoot SHA-256 of the meter's signed records
 * @param leastCommitment the number of the pile's commitment that holds the last payment; a driver
 *     knows that it is not below this
 * @param mostCommitment nor above this; a pile knows it, so that both are the same
 * @param begun when the terms were agreed to, by the own wall clock
 * @param ended likewise
 */
public record SessionAccount(
    ChannelId channel,
    Tariff tariff,
    SessionTotals paid,
    MilliWattHours importStart,
    MilliWattHours importEnd,
    MilliWattHours exportStart,
    MilliWattHours exportEnd,
    ByteVector32 meterRoot,
    long leastCommitment,
    long mostCommitment,
    Instant begun,
    Instant ended) {

  /**
   * What a session came to, as either side has it; there must be no {@link #objection}.
   *
   * @param paid by the own commitment
   * @param records the meter's signed records, as this side keeps them
   */
  public static SessionAccount of(
      ChannelId channel,
      SessionOffer offer,
      SessionTotals paid,
      SessionSummary summary,
      ByteVector records,
      long leastCommitment,
      long mostCommitment,
      Instant begun,
      Instant ended) {
    return new SessionAccount(
        channel,
        offer.tariff(),
        paid,
        offer.importRegister(),
        offer.importRegister().plus(summary.importDelivered()),
        offer.exportRegister(),
        offer.exportRegister().plus(summary.exportDelivered()),
        new ByteVector32(Crypto.sha256(records)),
        leastCommitment,
        mostCommitment,
        begun,
        ended);
  }

  /** Why there can be no account of a session, whatever was paid; empty when there can be one. */
  public static Optional<String> objection(SessionOffer offer, SessionSummary summary) {
    return Arrays.stream(Direction.values())
        .filter(
            direction ->
                summary.delivered(direction).value()
                    > Long.MAX_VALUE - offer.register(direction).value())
        .findFirst()
        .map(
            direction ->
                "%s: %d mWh delivered after %d mWh are more than a register holds"
                    .formatted(
                        direction,
                        summary.delivered(direction).value(),
                        offer.register(direction).value()));
  }

  /** The directions that something was paid in. */
  List<Direction> traded() {
    return traded(paid);
  }

  static List<Direction> traded(SessionTotals paid) {
    return Arrays.stream(Direction.values())
        .filter(direction -> paid.total(direction).amount().value() > 0)
        .toList();
  }

  /** The meter's register at the start. */
  MilliWattHours start(Direction direction) {
    return switch (direction) {
      case IMPORT -> importStart;
      case EXPORT -> exportStart;
    };
  }

  /** The meter's register at the end. */
  MilliWattHours end(Direction direction) {
    return switch (direction) {
      case IMPORT -> importEnd;
      case EXPORT -> exportEnd;
    };
  }

  /** What the meter counted in a direction. */
  MilliWattHours delivered(Direction direction) {
    return end(direction).minus(start(direction));
  }

  /** The same, with what was paid in the end. */
  SessionAccount concluded(Conclusion conclusion) {
    long number = conclusion.commitment();
    return new SessionAccount(
        channel,
        tariff,
        conclusion.paid(),
        importStart,
        importEnd,
        exportStart,
        exportEnd,
        meterRoot,
        Math.min(leastCommitment, number),
        Math.max(mostCommitment, number),
        begun,
        ended);
  }

  SessionAccount withMostCommitment(long most) {
    return new SessionAccount(
        channel,
        tariff,
        paid,
        importStart,
        importEnd,
        exportStart,
        exportEnd,
        meterRoot,
        leastCommitment,
        Math.max(leastCommitment, most),
        begun,
        ended);
  }
}
