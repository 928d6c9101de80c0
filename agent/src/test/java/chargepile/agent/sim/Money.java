package chargepile.agent.sim;

import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** At the end of a run nobody has less than what both signed gives him, but for fees. */
final class Money {
  /** Less than that may cost more to move than it is worth; and anchors are nobody's. */
  private static final long WORTH = 2_000;

  private static final long ROUNDING = 10;

  private final World world;
  private final Estate estate;

  private Money(World world, Estate estate) {
    this.world = world;
    this.estate = estate;
  }

  /** Checks it, and counts what there was. */
  static void check(World world) {
    Optional<OutPoint> funding =
        Stream.of(world.pile, world.driver)
            .flatMap(party -> closed(party).stream())
            .flatMap(closed -> closed.last().stream())
            .map(Commitments::funding)
            .findFirst();
    Optional<Estate> estate = funding.map(output -> Estate.of(world.chain, output));
    estate
        .filter(known -> known.fees() + known.whole() > 0)
        .ifPresent(known -> new Money(world, known).check());
  }

  private void check() {
    require(
        estate.whole() + estate.fees() == DriverParty.CAPACITY.value(),
        "%d sat of the channel are left and %d sat were paid in fees"
            .formatted(estate.whole(), estate.fees()));
    check(world.pile);
    check(world.driver);
    count();
    if (Stream.of(world.pile, world.driver)
        .noneMatch(party -> party.restoredOldImage || party.vanished)) {
      var stranded = estate.stranded(WORTH, List.of(world.pile.home, world.driver.home));
      require(stranded.isEmpty(), "nobody took " + stranded);
    }
  }

  private void count() {
    world.count(Figure.CHANNELS_SETTLED, 1);
    world.count(Figure.SATOSHI_CONSERVED, estate.whole() + estate.fees());
    world.count(Figure.HTLCS_ON_CHAIN, estate.htlcs());
    closed(world.pile)
        .flatMap(Stage.Closed::last)
        .flatMap(now -> now.local().allocation().session())
        .ifPresent(
            totals ->
                world.count(Figure.MWH_PAID, totals.total(Direction.IMPORT).energy().value()));
    for (Party party : List.of(world.pile, world.driver)) {
      if (world.party(party.who.other()).cheated) {
        world.count(Figure.PENALTIES, estate.sweepsTo(party.home));
      }
    }
  }

  private void check(Party party) {
    Party other = world.party(party.who.other());
    Stage.Closed closed = closed(party).orElse(null);
    if (closed == null
        || closed.last().isEmpty()
        || party.cheated
        || party.restoredOldImage
        || party.vanished) {
      return;
    }
    require(closed.outcome() != Outcome.BREACH_LOST, party.who + " lost to a breach");
    boolean remedied = closed.outcome() == Outcome.BREACH_REMEDIED;
    // A side on an old disk does not know it; whoever makes it give up the channel first, ruins it.
    require(
        !remedied || other.cheated || other.restoredOldImage,
        party.who + " saw a breach where none was");
    long due = remedied ? DriverParty.CAPACITY.value() : due(closed.last().get());
    long has = estate.at(party.home);
    long left = estate.left(WORTH, List.of(party.home, other.home));
    require(
        has >= due - estate.fees() - left - ROUNDING,
        "%s has %d sat, %d were due and %d were not worth more or paid in fees"
            .formatted(party.who, has, due, estate.fees() + left));
    if (remedied) {
      require(
          estate.at(other.home) == 0, "the cheater has %d sat".formatted(estate.at(other.home)));
    }
  }

  /** What the worst of the commitments that can be published gives this side, in satoshi. */
  private long due(Commitments now) {
    ChannelSetup setup = now.setup();
    return Stream.of(
            Stream.of(due(now.local().allocation(), true, setup.local().dustLimit())),
            Stream.of(due(now.remote().allocation(), false, setup.remote().dustLimit())),
            now.remoteNext().stream()
                .map(next -> due(next.commit().allocation(), false, setup.remote().dustLimit())))
        .flatMap(due -> due)
        .min(Long::compare)
        .orElseThrow();
  }

  private long due(Allocation allocation, boolean own, Satoshi dustLimit) {
    CommitmentSpec spec = allocation.spec();
    long balance = (own ? spec.toLocal() : spec.toRemote()).value() / 1000;
    long htlcs =
        spec.untrimmed(dustLimit)
            .map(htlc -> own ? htlc : htlc.seenByOther())
            .filter(this::isDue)
            .mapToLong(htlc -> htlc.amount().value() / 1000)
            .sum();
    return balance + htlcs;
  }

  private boolean isDue(Htlc htlc) {
    return world
        .payments
        .of(htlc.paymentHash())
        .filter(
            payment -> htlc.side() == HtlcSide.RECEIVED ? payment.isDue() : payment.isOwnersStill())
        .isPresent();
  }

  static Optional<Stage.Closed> closed(Party party) {
    return party.known() instanceof Stage.Closed closed ? Optional.of(closed) : Optional.empty();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Violation(otherwise);
    }
  }
}
