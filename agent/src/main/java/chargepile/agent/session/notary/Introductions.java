package chargepile.agent.session.notary;

import chargepile.agent.session.wire.IdentityMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;

/**
 * Who the peers are, as they say when a link comes up, and as the clerk finds: then, and again when
 * it matters, for the clock may have been set since, or a certificate revoked.
 */
final class Introductions {
  private final NotaryContext context;

  Introductions(NotaryContext context) {
    this.context = context;
  }

  void connected(NotaryStep step, PublicKey peer) {
    step.peers.put(peer, new PeerIdentity.Unheard());
    step.shown.remove(peer);
    step.unwilling.remove(peer);
    introduce(step, peer);
  }

  private void introduce(NotaryStep step, PublicKey peer) {
    step.say(peer, new IdentityMessage.Introduction(step.certificate(context)));
  }

  void disconnected(NotaryStep step, PublicKey peer) {
    step.peers.remove(peer);
    step.shown.remove(peer);
    step.unwilling.remove(peer);
  }

  /** There is another own certificate: all see it. */
  void renewed(NotaryStep step, ByteVector certificate) {
    step.own = certificate;
    step.peers.keySet().forEach(peer -> introduce(step, peer));
  }

  /** Who says something else first has no certificate to show. */
  void heardOther(NotaryStep step, PublicKey peer) {
    if (step.peers.containsKey(peer) && step.peer(peer) instanceof PeerIdentity.Unheard) {
      refuse(step, peer, "no certificate is shown");
    }
  }

  /** A peer's first word; later it shows another certificate, or takes a refusal back. */
  void heard(NotaryStep step, PublicKey peer, ByteVector certificate) {
    if (step.peer(peer) instanceof PeerIdentity.Unheard) {
      step.shown.put(peer, Shown.first(certificate));
      check(step, peer, certificate);
      return;
    }
    Shown known = step.shown.get(peer);
    if (known != null && known.mayShowAnother()) {
      step.shown.put(peer, known.again(certificate));
      if (step.unwilling.remove(peer)) {
        step.tell(new NotaryNotice.AcceptedByPeer(peer));
      }
    }
  }

  /** Terms are about to be offered or agreed to, or money to be put into a channel. */
  void wanted(NotaryStep step, PublicKey peer, Instant now) {
    Shown known = step.shown.get(peer);
    boolean judged =
        switch (step.peer(peer)) {
          case PeerIdentity.Certified _, PeerIdentity.Refused _ -> true;
          case PeerIdentity.Unheard(), PeerIdentity.Checking _ -> false;
        };
    if (judged && known != null && known.isStale(now)) {
      check(step, peer, known.certificate());
    }
  }

  private void check(NotaryStep step, PublicKey peer, ByteVector certificate) {
    step.peers.put(peer, new PeerIdentity.Checking(certificate));
    step.ask(new NotaryTask.Check(peer, certificate, !context.isPile()));
  }

  void refused(NotaryStep step, PublicKey peer, String text) {
    if (step.unwilling.add(peer)) { // until it is taken back
      step.tell(new NotaryNotice.RefusedByPeer(peer, text));
    }
  }

  void identified(NotaryStep step, NotaryAnswer.Identified answer) {
    PublicKey peer = answer.peer();
    Shown before = step.shown.get(peer);
    if (before == null
        || !step.peer(peer).equals(new PeerIdentity.Checking(answer.certificate()))) {
      return; // of a link that is gone
    }
    step.shown.put(peer, before.judged(answer.certificate(), answer.at(), answer.identity()));
    switch (answer.identity()) {
      case PeerIdentity.Certified certified -> {
        step.peers.put(peer, certified);
        if (!before.wasCertified()) {
          step.tell(new NotaryNotice.PeerCertified(peer, certified));
        }
        if (before.wasRefused() && context.policy() == IdentityPolicy.REQUIRED) {
          introduce(step, peer); // what was refused before is not any more
        }
      }
      case PeerIdentity.Refused(String reason) -> {
        if (before.wasRefused()) {
          step.peers.put(peer, answer.identity()); // it is said already
        } else {
          refuse(step, peer, reason);
        }
      }
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
