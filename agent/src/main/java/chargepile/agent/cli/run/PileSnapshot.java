package chargepile.agent.cli.run;

import chargepile.agent.channel.Channel;
import chargepile.agent.energy.PileFault;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.web.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A pile's state in the words of the page. Pure. */
final class PileSnapshot {
  /** The names of {@link Phase}s, in the order of a session. */
  static final List<String> PHASES =
      List.of("Offered", "Charging", "Paused", "Stopping", "Settling", "Ended");

  /** A pulse may be this old and not counted yet; its absence alone is no sinking power. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

  private PileSnapshot() {}

  /**
   * What is beside the state.
   *
   * @param wall for people
   * @param nanos the clock of the meter's time stamps
   * @param silence how long the pile has not come to what it was asked
   * @param watch how the ledger is watched
   */
  record Surroundings(
      Instant wall,
      long nanos,
      Duration silence,
      Snapshot.Watch watch,
      boolean brokerConnected,
      Optional<RuntimeException> failure) {}

  static Snapshot of(Pile pile, Surroundings around) {
    return new Snapshot(
        around.wall(),
        around.silence(),
        pile.plugged(),
        pile.contactor().closed(),
        watts(pile, around.nanos()),
        pile.meter().registers().importEnergy(),
        pile.meter().registers().exportEnergy(),
        pile.meter().lostEdges(),
        pile.session().map(session -> session(pile, session, around.nanos())),
        pile.channels().entrySet().stream()
            .filter(known -> known.getValue().isUnfinished())
            .map(known -> channel(known.getKey(), known.getValue(), pile))
            .toList(),
        pile.connected().size(),
        around.watch(),
        around.brokerConnected(),
        pile.faults().stream()
            .sorted(Comparator.comparing(PileFault::name))
            .map(fault -> new Snapshot.Fault(fault.name(), fault.remedy()))
            .toList(),
        around.failure().map(e -> String.valueOf(e.getMessage())));
  }

  /** With the contactor open and no fault no next pulse is waited for: nothing flows. */
  private static OptionalLong watts(Pile pile, long nanos) {
    return !pile.contactor().closed() && pile.faults().isEmpty()
        ? OptionalLong.of(0)
        : pile.meter().watts(nanos - ON_THE_WAY.toNanos());
  }

  private static Snapshot.Session session(Pile pile, PileSession session, long nanos) {
    SessionTotals paid = pile.leg(session.peer()).paid(session.id());
    return new Snapshot.Session(
        session.id().toString(),
        session.peer().toHex(),
        session.phase().title(),
        text(session.phase()),
        session.phase() instanceof Phase.Ended,
        flow(pile, session, paid, Direction.IMPORT),
        flow(pile, session, paid, Direction.EXPORT),
        session
            .clock()
            .total(Direction.IMPORT, nanos)
            .plus(session.clock().total(Direction.EXPORT, nanos)),
        session.maxUnpaid(),
        session.updates());
  }

  private static String text(Phase phase) {
    return switch (phase) {
      case Phase.Offered offered -> "";
      case Phase.Charging charging -> "";
      case Phase.Paused paused -> paused.cause().text();
      case Phase.Stopped stopped ->
          stopped.text().isEmpty()
              ? stopped.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ')
              : stopped.text();
    };
  }

  private static Snapshot.Flow flow(
      Pile pile, PileSession session, SessionTotals paid, Direction direction) {
    SessionTotals.Total total = paid.total(direction);
    return new Snapshot.Flow(
        session.delivered(direction, pile.meter().registers()), total.energy(), total.amount());
  }

  private static Snapshot.Channel channel(PublicKey peer, PeerChannel known, Pile pile) {
    PaymentLeg leg = known.leg();
    Optional<SignedState> now = leg.signed();
    return new Snapshot.Channel(
        known.id().map(ChannelId::toString).orElse(""),
        peer.toHex(),
        leg.title(),
        pile.connected().contains(peer),
        leg.penalty()
            .flatMap(Channel::kept)
            .map(kept -> kept.setup().capacity().toAmount())
            .orElseGet(() -> now.map(both -> both.local().plus(both.remote())).orElse(Amount.ZERO)),
        now.map(SignedState::local).orElse(Amount.ZERO),
        now.map(SignedState::remote).orElse(Amount.ZERO),
        now.map(SignedState::number).orElse(0L));
  }

  /** How Bitcoin is watched. */
  static Snapshot.Watch watch(Pile pile, Optional<SeenChain.Look> look) {
    List<Channel> unfinished =
        pile.channels().values().stream()
            .filter(PeerChannel::isUnfinished)
            .flatMap(known -> known.leg().penalty().stream())
            .toList();
    return new Snapshot.Watch(
        look.map(seen -> OptionalInt.of(seen.tip().value())).orElseGet(OptionalInt::empty),
        look.map(SeenChain.Look::feerate),
        look.map(SeenChain.Look::at),
        pile.chain().trouble().map(trouble -> trouble.reason()),
        !pile.chain().blind(),
        look.flatMap(seen -> Deadlines.next(unfinished, seen)));
  }
}
