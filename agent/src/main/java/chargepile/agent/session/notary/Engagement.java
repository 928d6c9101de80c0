package chargepile.agent.session.notary;

import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;

/**
 * A session whose terms two certified parties agreed to.
 *
 * @param peerCertificate as it was when the terms were
 * @param ownCertificate likewise: what it certifies is what the peer knows
 * @param commitment the number of the pile's commitment when the last payment was signed, or the
 *     terms agreed to
 */
public record Engagement(
    SessionId session,
    PublicKey peer,
    ByteVector peerCertificate,
    ByteVector ownCertificate,
    long commitment) {
  Engagement paidAt(long number) {
    return new Engagement(session, peer, peerCertificate, ownCertificate, number);
  }
}
