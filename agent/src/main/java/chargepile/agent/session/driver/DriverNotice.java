package chargepile.agent.session.driver;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.notary.SettlementId;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import fr.acinq.bitcoin.ByteVector;

/** What a driver is told. */
public sealed interface DriverNotice {
  record ChannelFunded(String by) implements DriverNotice {}

  record ChannelUsable() implements DriverNotice {}

  /** The terms were agreed to. */
  record OfferAccepted(SessionOffer offer) implements DriverNotice {}

  /** The terms do not fit; {@code text} says which. */
  record OfferRefused(SessionOffer offer, String text) implements DriverNotice {}

  /** A claim is in the own commitment: it is paid, or received. */
  record EnergyPaid(EnergyClaim claim) implements DriverNotice {}

  /** A claim was not accepted; the channel is being closed at the last state both signed. */
  record ClaimRefused(EnergyClaim claim, Refusal refusal, String text) implements DriverNotice {}

  /** The session is being ended, by whichever side. */
  record SessionStopping(StopReason reason, String text) implements DriverNotice {}

  /** The pile's account of the session. */
  record SessionEnded(SessionSummary summary) implements DriverNotice {}

  /** The pile showed a certificate, and it is good. */
  record PileCertified(String name) implements DriverNotice {}

  /**
   * The pile showed none, or one that is not good.
   *
   * @param needed whether no terms are agreed to for that reason
   */
  record PileNotCertified(String reason, boolean needed) implements DriverNotice {}

  /** The pile offers nothing to this driver. */
  record NotAdmitted(String text) implements DriverNotice {}

  /** It does after all. */
  record Admitted() implements DriverNotice {}

  /**
   * Both have signed the settlement certificate of a session.
   *
   * @param file the certificate with the signature of both
   */
  record SettlementSigned(SettlementId id, ByteVector file) implements DriverNotice {}

  /** The settlement certificate of a session is not signed. */
  record SettlementNotSigned(SettlementId id, String reason) implements DriverNotice {}

  record ChannelEnding(String reason) implements DriverNotice {}

  record ChannelClosed(LegOutcome outcome) implements DriverNotice {}
}
