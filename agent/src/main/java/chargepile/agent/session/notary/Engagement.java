package chargepile.agent.session.notary;

import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/**
 * A session whose terms two certified parties agreed to.
 *
 * @param peerCertificate as it was when the terms were
 * @param ownCertificate likewise: what it certifies is what the peer knows
 * @param commitment the number of the pile's commitment when the last payment was signed, or the
 *     terms agreed to
 * @param conclusion what was paid in the end, where the channel's end said it
 */
public record Engagement(
    SessionId session,
    PublicKey peer,
    ByteVector peerCertificate,
    ByteVector ownCertificate,
    long commitment,
    Optional<Conclusion> conclusion) {
  Engagement paidAt(long number) {
    return new Engagement(session, peer, peerCertificate, ownCertificate, number, conclusion);
  }

  Engagement with(Conclusion found) {
    return new Engagement(
        session, peer, peerCertificate, ownCertificate, commitment, Optional.of(found));
  }
}
