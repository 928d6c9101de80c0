package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/**
 * One direction of a session that has ended, whose settlement certificate is not signed by both
 * yet.
 *
 * @param peerCertificate as it was when the terms were agreed to
 * @param ownCertificate likewise: the one that it is signed by, whatever was issued since
 * @param summary the pile's account as it said it: it says it again before each proposal; a driver
 *     keeps it without the meter's records
 * @param proposal what the pile has signed of it; at a driver the one that is being looked at
 */
public record Pending(
    Direction direction,
    PublicKey peer,
    ByteVector peerCertificate,
    ByteVector ownCertificate,
    SessionAccount account,
    SessionSummary summary,
    Optional<Proposal> proposal) {
  /**
   * A settlement certificate and the pile's signature.
   *
   * @param settlement as it is said
   * @param signature S_1, 48 bytes
   */
  public record Proposal(ByteVector settlement, ByteVector signature) {}

  public SettlementId id() {
    return new SettlementId(summary.sessionId(), direction);
  }

  SessionTotals.Total paid() {
    return account.paid().total(direction);
  }

  /** Whether anything was paid; what is not known to be yet is kept, and not signed. */
  boolean isOwed() {
    return paid().amount().value() > 0;
  }

  Pending with(SessionAccount next) {
    return new Pending(direction, peer, peerCertificate, ownCertificate, next, summary, proposal);
  }

  Pending unsigned() {
    return new Pending(
        direction, peer, peerCertificate, ownCertificate, account, summary, Optional.empty());
  }

  Pending with(Proposal signed) {
    return new Pending(
        direction, peer, peerCertificate, ownCertificate, account, summary, Optional.of(signed));
  }
}
