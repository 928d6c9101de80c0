package chargepile.agent.session.pile;

import chargepile.agent.energy.PileFault;
import chargepile.agent.ocmf.AssignmentLevel;
import chargepile.agent.ocmf.ErrorFlags;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.MeterStatus;
import chargepile.agent.ocmf.ObisCode;
import chargepile.agent.ocmf.Pagination;
import chargepile.agent.ocmf.Payload;
import chargepile.agent.ocmf.Reading;
import chargepile.agent.ocmf.ReadingReason;
import chargepile.agent.ocmf.ReadingTime;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The signed records of a session: one with every claim, from the session's beginning to now, and
 * at the end one for each direction that energy flowed in. They follow from the registers, the
 * clock and the number of the last one alone; the number is stored with the transition that says
 * the record, so that none is ever used for another.
 *
 * <p>A record is signed where a claim is made or a session ends, and nowhere else: whatever opens
 * the contactor for good (fault, plug, command) waits for no signature.
 */
final class MeterRecords {
  private static final String MAKER = "Chargepile";

  private final PileChannels channels;
  private final Optional<SealedMeter> meter;
  private final Optional<PublicKey> key;

  MeterRecords(PileChannels channels, Optional<SealedMeter> meter) {
    this.channels = channels;
    this.meter = meter;
    this.key = meter.map(own -> own.signer().publicKey());
  }

  /** What the records are signed with, for the terms; empty when there are none. */
  Optional<PublicKey> key() {
    return key;
  }

  /**
   * Claims on the session's channel, with the meter's word for it.
   *
   * @return why that can't be done, if so; then no number is used up
   */
  Optional<String> claim(
      PileStep step, PileSession session, Claims account, MilliWattHours energy) {
    Optional<MeterRecord> record =
        record(step, session, account.direction(), step.page + 1, ReadingReason.CHARGING);
    Optional<String> refusal =
        channels.give(
            step,
            session.peer(),
            new LegEvent.Claim(account.claim(energy, text(record.stream().toList()))));
    if (refusal.isEmpty() && record.isPresent()) {
      step.page++;
    }
    return refusal;
  }

  /** The session, which has just ended, with the records of all of it. */
  PileSession sealed(PileStep step, PileSession session, StopReason reason) {
    List<MeterRecord> records = new ArrayList<>();
    for (Direction direction : directions(step, session)) {
      Optional<MeterRecord> record = record(step, session, direction, step.page + 1, end(reason));
      if (record.isPresent()) {
        records.add(record.get());
        step.page++;
      }
    }
    return session.with(new Proof(session.proof().begun(), text(records)));
  }

  /** Those that energy flowed in; when it flowed in none, the first that was agreed to. */
  private static List<Direction> directions(PileStep step, PileSession session) {
    List<Direction> agreed = session.directions().stream().sorted().toList();
    List<Direction> flowed =
        agreed.stream()
            .filter(d -> session.delivered(d, step.meter.registers()).value() > 0)
            .toList();
    return flowed.isEmpty() ? agreed.subList(0, 1) : flowed;
  }

  private Optional<MeterRecord> record(
      PileStep step, PileSession session, Direction direction, long page, ReadingReason reason) {
    SessionOffer offer = session.offer();
    Optional<ReadingTime> begun = session.proof().begun();
    if (meter.isEmpty() || begun.isEmpty() || !offer.meterKey().equals(key)) {
      return Optional.empty(); // agreed to before the meter signed
    }
    ReadingTime now = ReadingTime.of(step.now().wall(), step.now().clock());
    boolean timeFailed =
        now.at().isBefore(begun.get().at()) || step.faults.containsKey(PileFault.TIME_BACKWARDS);
    boolean doubtful =
        step.faults.containsKey(PileFault.HARDWARE_FAILED)
            || step.faults.containsKey(PileFault.BOTH_DIRECTIONS);
    MeterStatus status = doubtful ? MeterStatus.OTHER_ERROR : MeterStatus.OK;
    ObisCode quantity = ObisCode.total(direction);
    return Optional.of(
        meter
            .get()
            .signer()
            .sign(
                payload(
                    session,
                    page,
                    Reading.of(
                        begun.get(),
                        ReadingReason.BEGIN,
                        offer.register(direction),
                        quantity,
                        ErrorFlags.NONE,
                        MeterStatus.OK),
                    Reading.of(
                        now,
                        reason,
                        session.end().orElse(step.meter.registers()).energy(direction),
                        quantity,
                        new ErrorFlags(false, timeFailed),
                        status))));
  }

  private Payload payload(PileSession session, long page, Reading begin, Reading now) {
    return new Payload(
        Payload.VERSION,
        // The key is the only number that a signing program has.
        new Payload.Gateway(Optional.of(MAKER), key.map(PublicKey::toHex), Optional.empty()),
        Pagination.transaction(page),
        Payload.MeterLabel.NONE,
        Optional.of(
            new Payload.User(
                true,
                Optional.of(AssignmentLevel.TRUSTED),
                List.of(),
                "LOCAL",
                Optional.of(session.id().toString()))),
        meter.map(own -> new Payload.ChargePoint("CBIDC", own.pile() + " 1")),
        List.of(begin, now));
  }

  private static ReadingReason end(StopReason reason) {
    return switch (reason) {
      case FAULT, UPDATE_REFUSED, CHANNEL_CLOSING, PEER_SILENT -> ReadingReason.ABORTED;
      case DRIVER_STOPPED, CHAIN_OUT_OF_SIGHT -> ReadingReason.ENDED_REMOTELY;
      case OPERATOR_STOPPED, UNPLUGGED -> ReadingReason.ENDED_LOCALLY;
      case OTHER,
          ENERGY_LIMIT,
          MONEY_LIMIT,
          TIME_LIMIT,
          BALANCE_EXHAUSTED,
          TERMS_REFUSED,
          UNKNOWN_SESSION,
          OFFER_EXPIRED,
          NOTHING_METERED,
          NOT_CERTIFIED,
          AGREEMENT_OVER ->
          ReadingReason.END;
    };
  }

  private static ByteVector text(List<MeterRecord> records) {
    return new ByteVector(
        String.join("\n", records.stream().map(MeterRecord::text).toList())
            .getBytes(StandardCharsets.US_ASCII));
  }
}
