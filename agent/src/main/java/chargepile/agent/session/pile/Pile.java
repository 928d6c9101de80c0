package chargepile.agent.session.pile;

import chargepile.agent.energy.PileFault;
import chargepile.agent.energy.Registers;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Notary;
import fr.acinq.bitcoin.PublicKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pile's whole state. Links, timers, counters, the contactor and what is known of the chain's
 * standing are not kept over a restart.
 *
 * @param channels by the driver's node id; a closed one is replaced when the driver opens another
 * @param nextKeyIndex index of the keys of the next channel
 * @param connected the drivers with a link, in the order in which they came
 * @param plugged whether a car is plugged in
 * @param session the session under way, or the last one until the car is unplugged
 * @param declined the drivers that did not take an offer since the car was plugged in
 * @param asking what drivers asked for a channel with whose identities are being looked at
 * @param chain whether the chain is in sight
 * @param agreements what drivers agreed to beforehand; told anew after a start
 * @param standing the faults that keep the pile from charging, in the order in which they came
 * @param heat what the over-temperature input says; read anew after a start
 * @param unmetered the drivers in a row whose sessions metered nothing
 * @param page the number of the last meter record that was signed; 0 before the first
 * @param notary who the drivers are, and the settlements that are not finished
 * @param timers those that run
 * @param storedRegisters the registers as they were last stored
 * @param storedAtNanos when, by the monotonic clock
 */
public record Pile(
    Map<PublicKey, PeerChannel> channels,
    long nextKeyIndex,
    List<PublicKey> connected,
    Meter meter,
    Contactor contactor,
    boolean plugged,
    Optional<PileSession> session,
    Set<PublicKey> declined,
    Map<PublicKey, LegMessage> asking,
    ChainSight chain,
    List<Agreement> agreements,
    List<StandingFault> standing,
    Heat heat,
    Set<PublicKey> unmetered,
    long page,
    Notary notary,
    Set<TimerId> timers,
    Registers storedRegisters,
    long storedAtNanos) {
  public Pile {
    if (page < 0) {
      throw new IllegalArgumentException("meter record number below zero: " + page);
    }
    channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
    connected = List.copyOf(connected);
    declined = Collections.unmodifiableSet(new LinkedHashSet<>(declined));
    asking = Collections.unmodifiableMap(new LinkedHashMap<>(asking));
    agreements = List.copyOf(agreements);
    standing = List.copyOf(standing);
    unmetered = Collections.unmodifiableSet(new LinkedHashSet<>(unmetered));
    timers = Set.copyOf(timers);
  }

  /** A pile that has never run; its first channel takes the keys of index 0. */
  public static Pile fresh(PileSettings settings) {
    return recovered(settings, Map.of(), 0);
  }

  /**
   * A pile without a store under a seed that may have had channels, with those that a backup knew.
   *
   * @param nextKeyIndex of a channel to come; above all that were ever used, known or not
   */
  public static Pile recovered(
      PileSettings settings, Map<PublicKey, PeerChannel> channels, long nextKeyIndex) {
    return restored(
        settings,
        channels,
        nextKeyIndex,
        Registers.ZERO,
        false,
        Optional.empty(),
        List.of(),
        Set.of(),
        0,
        Notary.NONE);
  }

  /** A pile as it comes out of the store; to be given {@link PileEvent.Restarted} first of all. */
  static Pile restored(
      PileSettings settings,
      Map<PublicKey, PeerChannel> channels,
      long nextKeyIndex,
      Registers registers,
      boolean plugged,
      Optional<PileSession> session,
      List<StandingFault> standing,
      Set<PublicKey> unmetered,
      long page,
      Notary notary) {
    return new Pile(
        channels,
        nextKeyIndex,
        List.of(),
        Meter.start(settings, registers, 0),
        Contactor.OPEN,
        plugged,
        session,
        Set.of(),
        Map.of(),
        ChainSight.CLEAR,
        List.of(),
        standing,
        Heat.NONE,
        unmetered,
        page,
        notary,
        Set.of(),
        registers,
        0);
  }

  /** The names of the faults that keep the pile from charging. */
  public Set<PileFault> faults() {
    return standing.stream().map(StandingFault::fault).collect(Collectors.toUnmodifiableSet());
  }

  /** How many channels have yet to be settled on the chain. */
  public int unfinishedChannels() {
    return (int) channels.values().stream().filter(PeerChannel::isUnfinished).count();
  }

  /** The channel with a driver; {@link PaymentLeg#none} when there is none. */
  public PaymentLeg leg(PublicKey node) {
    PeerChannel known = channels.get(node);
    return known == null ? PaymentLeg.none() : known.leg();
  }
}
