package chargepile.agent.session.pile;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a pile tells the world about itself. */
public sealed interface PileDocument {
  /** No car is in a session; what the last one was stays as {@link Session} until then. */
  record NoSession(boolean plugged) implements PileDocument {}

  /**
   * The session under way or just ended.
   *
   * @param plugged whether the car is still there
   * @param phase the name of its phase
   * @param reason why it is being ended, or was
   * @param text more about the reason, or about a pause
   */
  record Session(
      boolean plugged,
      SessionId id,
      PublicKey peer,
      String phase,
      Optional<StopReason> reason,
      String text,
      MilliWattHours importDelivered,
      MilliWattHours exportDelivered,
      SessionTotals paid,
      MilliWattHours maxUnpaid)
      implements PileDocument {}

  /**
   * The meter.
   *
   * @param powerWatts positive into the car, negative out of it; empty when not known
   */
  record Meter(MilliWattHours importEnergy, MilliWattHours exportEnergy, OptionalLong powerWatts)
      implements PileDocument {}

  /**
   * Whether the pile can watch the chain.
   *
   * @param trouble why not
   * @param selling whether energy is sold all the same
   */
  record Chain(Optional<ChainTrouble> trouble, boolean selling) implements PileDocument {}

  record Price(Tariff tariff) implements PileDocument {}

  record Contactor(boolean closed) implements PileDocument {}

  /** The faults that keep the pile from charging; empty when there are none. */
  record Faults(List<StandingFault> faults) implements PileDocument {
    public Faults {
      faults = List.copyOf(faults);
    }
  }

  /**
   * A channel with a driver.
   *
   * @param id in hexadecimal; empty before there is one
   * @param stage the name of the stage of its life
   * @param number of the own commitment
   */
  record ChannelStatus(
      PublicKey peer, String id, String stage, long number, Amount local, Amount remote)
      implements PileDocument {}
}
