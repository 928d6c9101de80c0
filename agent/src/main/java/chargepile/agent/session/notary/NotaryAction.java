package chargepile.agent.session.notary;

import chargepile.agent.session.PeerMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;

/** What a notary asks of the machine that it belongs to. */
public sealed interface NotaryAction {
  /** The notary's state is to be stored, under this name in the journal. */
  record Store(String name) implements NotaryAction {}

  /** A finished settlement certificate is to be stored in the same transaction. */
  record Keep(SettlementId id, ByteVector file) implements NotaryAction {}

  /** After that is durable; lost when there is no link. */
  record Say(PublicKey peer, PeerMessage message) implements NotaryAction {}

  /** Likewise; the answer comes back as {@link NotaryEvent.Done}. */
  record Ask(NotaryTask task) implements NotaryAction {}

  record Notify(NotaryNotice notice) implements NotaryAction {}
}
