package chargepile.agent.session.notary;

import chargepile.agent.session.wire.IdentityMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;

/** Who the peers are, as they say when a link comes up, and as the clerk finds. */
final class Introductions {
  private final NotaryContext context;

  Introductions(NotaryContext context) {
    this.context = context;
  }

  void connected(NotaryStep step, PublicKey peer) {
    step.peers.put(peer, new PeerIdentity.Unheard());
    step.unwilling.remove(peer);
    step.say(peer, new IdentityMessage.Introduction(context.certificate()));
  }

  void disconnected(NotaryStep step, PublicKey peer) {
    step.peers.remove(peer);
    step.unwilling.remove(peer);
  }

  /** Who says something else first has no certificate to show. */
  void heardOther(NotaryStep step, PublicKey peer) {
    if (step.peers.containsKey(peer) && step.peer(peer) instanceof PeerIdentity.Unheard) {
      refuse(step, peer, "no certificate is shown");
    }
  }

  void shown(NotaryStep step, PublicKey peer, ByteVector certificate) {
    if (step.peer(peer) instanceof PeerIdentity.Unheard) { // once on a link
      step.peers.put(peer, new PeerIdentity.Checking(certificate));
      step.ask(new NotaryTask.Check(peer, certificate, !context.isPile()));
    }
  }

  void refused(NotaryStep step, PublicKey peer, String text) {
    if (step.unwilling.add(peer)) { // once on a link
      step.tell(new NotaryNotice.RefusedByPeer(peer, text));
    }
  }

  void identified(NotaryStep step, NotaryAnswer.Identified answer) {
    PublicKey peer = answer.peer();
    if (!step.peer(peer).equals(new PeerIdentity.Checking(answer.certificate()))) {
      return; // of a link that is gone
    }
    switch (answer.identity()) {
      case PeerIdentity.Certified certified -> {
        step.peers.put(peer, certified);
        step.tell(new NotaryNotice.PeerCertified(peer, certified));
      }
      case PeerIdentity.Refused(String reason) -> refuse(step, peer, reason);
      case PeerIdentity.Unheard(), PeerIdentity.Checking _ -> {} // no answer
    }
  }

  private void refuse(NotaryStep step, PublicKey peer, String reason) {
    step.peers.put(peer, new PeerIdentity.Refused(reason));
    step.tell(new NotaryNotice.PeerRefused(peer, reason));
    if (context.policy() == IdentityPolicy.REQUIRED) {
      step.say(peer, new IdentityMessage.IntroductionRefusal(reason));
    }
  }
}
