package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;

/** All that can happen to a notary. */
public sealed interface NotaryEvent {
  /** The first event after every start. */
  record Restarted() implements NotaryEvent {}

  record Connected(PublicKey peer) implements NotaryEvent {}

  record Disconnected(PublicKey peer) implements NotaryEvent {}

  /** A peer said something about identities. */
  record Heard(PublicKey peer, IdentityMessage message) implements NotaryEvent {}

  /** A peer said something else; who has not introduced himself before does not. */
  record HeardOther(PublicKey peer) implements NotaryEvent {}

  /**
   * Terms are about to be offered to a peer or agreed to with it, or money to be put into a
   * channel: its certificate is judged again, unless that was just done.
   *
   * @param now by the wall clock
   */
  record Wanted(PublicKey peer, Instant now) implements NotaryEvent {}

  /** The clerk has done what it was asked. */
  record Done(NotaryAnswer answer) implements NotaryEvent {}

  /**
   * Terms were offered, or agreed to.
   *
   * @param commitment the number of the pile's last commitment
   */
  record Agreed(SessionId session, PublicKey peer, long commitment) implements NotaryEvent {}

  /**
   * A payment was signed.
   *
   * @param commitment the number of the pile's commitment that holds it
   */
  record Paid(SessionId session, long commitment) implements NotaryEvent {}

  /**
   * A session has ended.
   *
   * @param open whether a payment for it is under way, so that {@link Concluded} follows
   */
  record Ended(PublicKey peer, SessionAccount account, SessionSummary summary, boolean open)
      implements NotaryEvent {}

  /** What was paid for a session in the end is known, whatever was drawn up before. */
  record Concluded(Conclusion conclusion) implements NotaryEvent {}

  /**
   * A session came to an end that no settlement can be drawn up for.
   *
   * @param paid what both signed, by the own commitment
   */
  record Dropped(SessionTotals paid, String reason) implements NotaryEvent {}

  /** Peer and pile have said where their channel stands, or have none: proposals may be said. */
  record Ready(PublicKey peer) implements NotaryEvent {}

  /**
   * How far a channel has come.
   *
   * @param commitment the number of the pile's last commitment
   */
  record Reached(ChannelId channel, long commitment) implements NotaryEvent {}
}
