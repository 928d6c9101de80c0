package chargepile.agent.session.notary;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;

/** What the owner of a notary wants to know. */
public sealed interface NotaryNotice {
  /** A peer showed a certificate, and it is good. */
  record PeerCertified(PublicKey peer, PeerIdentity.Certified identity) implements NotaryNotice {}

  /** A peer showed none, or one that is not good. */
  record PeerRefused(PublicKey peer, String reason) implements NotaryNotice {}

  /** A peer agrees to no terms with this side. */
  record RefusedByPeer(PublicKey peer, String text) implements NotaryNotice {}

  /** It does after all. */
  record AcceptedByPeer(PublicKey peer) implements NotaryNotice {}

  /** Both have signed the settlement certificate. */
  record Settled(SettlementId id, ByteVector file) implements NotaryNotice {}

  /** There is none, for now or for good. */
  record Unsettled(SettlementId id, String reason) implements NotaryNotice {}
}
