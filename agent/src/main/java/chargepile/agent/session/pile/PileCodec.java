package chargepile.agent.session.pile;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.energy.Fraction;
import chargepile.agent.energy.PileFault;
import chargepile.agent.energy.Registers;
import chargepile.agent.ocmf.ClockStatus;
import chargepile.agent.ocmf.ReadingTime;
import chargepile.agent.session.ChargeClock;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.SessionStates;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryCodec;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.StopReason;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A pile's state as bytes, without its channels, which are stored in rows of their own. What does
 * not outlive a start is left out: links, timers, counters and the contactor.
 */
public final class PileCodec {
  private static final int VERSION = 6;

  /** With sessions that say nothing of where their terms are from. */
  private static final int UNSOURCED = 5;

  /** With engagements that say nothing of how they concluded. */
  private static final int UNCONCLUDED = 4;

  /** Without what the notary keeps. */
  private static final int UNNOTARISED = 3;

  /** With the faults' names alone. */
  private static final int NAMED = 2;

  /** Without meter records. */
  private static final int UNSIGNED = 1;

  /** Where the channels are stored. */
  @FunctionalInterface
  public interface Channels {
    /** The stored channel with {@code node} under the keys with an index. */
    PaymentLeg channel(PublicKey node, long keyIndex);
  }

  private PileCodec() {}

  public static byte[] encode(Pile pile) {
    StateWriter out = new StateWriter();
    out.u8(VERSION);
    out.i64(pile.nextKeyIndex());
    out.list(
        pile.channels().entrySet().stream()
            .filter(entry -> !entry.getValue().leg().isHearsay())
            .toList(),
        entry -> out.key(entry.getKey()).i64(entry.getValue().keyIndex()));
    registers(out, pile.meter().registers());
    out.flag(pile.plugged());
    out.list(pile.standing(), fault -> fault(out, fault));
    out.optional(pile.session(), session -> session(out, session));
    out.i64(pile.page());
    out.list(pile.unmetered(), out::key);
    NotaryCodec.write(out, pile.notary());
    out.flag(pile.session().filter(PileSession::beforehand).isPresent());
    return out.toByteArray();
  }

  /**
   * The pile that was stored, to be given {@link PileEvent.Restarted} first of all.
   *
   * @throws MalformedStateException when the bytes are damaged or another program's
   */
  public static Pile decode(byte[] bytes, PileSettings settings, Channels channels) {
    return StateReader.whole("pile", bytes, in -> pile(in, settings, channels));
  }

  private static Pile pile(StateReader in, PileSettings settings, Channels stored) {
    int version = in.u8();
    if (version < UNSIGNED || version > VERSION) {
      throw new MalformedStateException(
          "pile: version %d, this program knows up to %d".formatted(version, VERSION));
    }
    long nextKeyIndex = in.i64();
    Map<PublicKey, PeerChannel> channels = new LinkedHashMap<>();
    List<Map.Entry<PublicKey, Long>> keys = in.list(() -> Map.entry(in.key(), in.i64()));
    keys.forEach(
        e ->
            channels.put(
                e.getKey(),
                new PeerChannel(e.getValue(), stored.channel(e.getKey(), e.getValue()))));
    Registers registers = registers(in);
    boolean plugged = in.flag();
    List<StandingFault> faults = in.list(() -> fault(in, version));
    Optional<PileSession> kept = in.optional(() -> session(in, version));
    long page = version == UNSIGNED ? 0 : in.i64();
    Set<PublicKey> unmetered = version <= NAMED ? Set.of() : new LinkedHashSet<>(in.list(in::key));
    Notary notary =
        version <= UNNOTARISED ? Notary.NONE : NotaryCodec.read(in, version > UNCONCLUDED);
    Optional<PileSession> session =
        version > UNSOURCED
            ? in.flag() ? kept.map(PileSession::underAgreement) : kept
            : kept.map(old -> sourced(old, settings));
    return Pile.restored(
        settings,
        channels,
        nextKeyIndex,
        registers,
        plugged,
        session,
        faults,
        unmetered,
        page,
        notary);
  }

  /** Earlier programs told a session's terms from the pile's own by the settings. */
  private static PileSession sourced(PileSession session, PileSettings settings) {
    return session.offer().tariff().equals(settings.tariff()) ? session : session.underAgreement();
  }

  private static void fault(StateWriter out, StandingFault standing) {
    out.text(standing.fault().name());
    out.optional(standing.since(), since -> out.i64(since.toEpochMilli()));
    out.text(standing.detail());
  }

  private static StandingFault fault(StateReader in, int version) {
    PileFault fault = PileFault.valueOf(in.text());
    return version <= NAMED
        ? new StandingFault(fault, Optional.empty(), "")
        : new StandingFault(fault, in.optional(() -> Instant.ofEpochMilli(in.i64())), in.text());
  }

  private static void registers(StateWriter out, Registers registers) {
    out.energy(registers.importEnergy());
    out.energy(registers.exportEnergy());
    out.i64(registers.importFraction().numerator());
    out.i64(registers.importFraction().denominator());
    out.i64(registers.exportFraction().numerator());
    out.i64(registers.exportFraction().denominator());
  }

  private static Registers registers(StateReader in) {
    return new Registers(
        in.energy(),
        in.energy(),
        new Fraction(in.i64(), in.i64()),
        new Fraction(in.i64(), in.i64()));
  }

  private static void session(StateWriter out, PileSession session) {
    SessionStates.message(out, session.offer());
    out.key(session.peer());
    SessionStates.directions(out, session.directions());
    SessionStates.limits(out, session.limits());
    phase(out, session.phase());
    out.i64(session.clock().importNanos());
    out.i64(session.clock().exportNanos());
    SessionStates.direction(out, session.clock().direction());
    out.optional(session.end(), end -> registers(out, end));
    out.energy(session.maxUnpaid());
    out.i64(session.updates());
    out.optional(
        session.proof().begun(),
        begun -> out.i64(begun.at().toInstant().toEpochMilli()).text(begun.clock().name()));
    out.bytes(session.proof().receipt());
  }

  private static PileSession session(StateReader in, int version) {
    return new PileSession(
        SessionStates.message(in, SessionOffer.class),
        in.key(),
        SessionStates.directions(in),
        SessionStates.limits(in),
        phase(in),
        new ChargeClock(in.i64(), in.i64(), SessionStates.direction(in), OptionalLong.empty()),
        in.optional(() -> registers(in)),
        in.energy(),
        in.i64(),
        version == UNSIGNED ? Proof.NONE : proof(in),
        false);
  }

  private static Proof proof(StateReader in) {
    return new Proof(
        in.optional(
            () -> ReadingTime.of(Instant.ofEpochMilli(in.i64()), ClockStatus.valueOf(in.text()))),
        in.vector());
  }

  private static void phase(StateWriter out, Phase phase) {
    switch (phase) {
      case Phase.Offered() -> out.u8(0);
      case Phase.Charging() -> out.u8(1);
      case Phase.Paused(var cause) -> out.u8(2).text(cause.name());
      case Phase.Stopping stopping -> stopped(out.u8(3), stopping);
      case Phase.Settling settling -> stopped(out.u8(4), settling);
      case Phase.Ended ended -> stopped(out.u8(5), ended);
    }
  }

  private static void stopped(StateWriter out, Phase.Stopped phase) {
    out.text(phase.reason().name()).text(phase.text());
  }

  private static Phase phase(StateReader in) {
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new Phase.Offered();
      case 1 -> new Phase.Charging();
      case 2 -> new Phase.Paused(Phase.Cause.valueOf(in.text()));
      case 3 -> new Phase.Stopping(reason(in), in.text());
      case 4 -> new Phase.Settling(reason(in), in.text());
      case 5 -> new Phase.Ended(reason(in), in.text());
      default -> throw new MalformedStateException("no phase has number " + kind);
    };
  }

  private static StopReason reason(StateReader in) {
    return StopReason.valueOf(in.text());
  }
}
