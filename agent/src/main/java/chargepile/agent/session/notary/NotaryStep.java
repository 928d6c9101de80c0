package chargepile.agent.session.notary;

import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.IdentityMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A transition in the making. */
final class NotaryStep {
  /** A peer that never answers must not fill the store, */
  static final int MOST_OF_A_PEER = 8;

  /** and many of them neither. */
  static final int MOST_PENDING = 32;

  /** A pile that lost the answer asks again soon. */
  private static final int MOST_ANSWERED = 8;

  final Map<PublicKey, PeerIdentity> peers;
  final Map<PublicKey, Shown> shown;
  @Nullable ByteVector own;
  Optional<Engagement> engagement;
  private final List<Pending> pending;
  private final List<Answered> answered;
  final Set<SettlementId> asked;
  final Set<SettlementId> said;
  final Set<SettlementId> failed;
  final Set<PublicKey> unwilling;
  private final List<NotaryAction> actions = new ArrayList<>();

  NotaryStep(Notary before) {
    this.peers = new LinkedHashMap<>(before.peers());
    this.shown = new LinkedHashMap<>(before.shown());
    this.own = before.own().orElse(null);
    this.engagement = before.engagement();
    this.pending = new ArrayList<>(before.pending());
    this.answered = new ArrayList<>(before.answered());
    this.asked = new LinkedHashSet<>(before.asked());
    this.said = new LinkedHashSet<>(before.said());
    this.failed = new LinkedHashSet<>(before.failed());
    this.unwilling = new LinkedHashSet<>(before.unwilling());
  }

  PeerIdentity peer(PublicKey node) {
    return peers.getOrDefault(node, new PeerIdentity.Unheard());
  }

  /** The own certificate as it is now. */
  ByteVector certificate(NotaryContext context) {
    return own == null ? context.certificate() : own;
  }

  List<Pending> pending() {
    return List.copyOf(pending);
  }

  Optional<Pending> pending(SettlementId id) {
    return pending.stream().filter(p -> p.id().equals(id)).findFirst();
  }

  Optional<Answered> answered(SettlementId id) {
    return answered.stream().filter(a -> a.id().equals(id)).findFirst();
  }

  void add(Pending ended) {
    pending.add(ended);
    if (count(ended.peer()) > MOST_OF_A_PEER) {
      giveUpOldest(ended.peer());
    } else if (pending.size() > MOST_PENDING) {
      giveUpOldest(busiest());
    }
  }

  private long count(PublicKey peer) {
    return pending.stream().filter(p -> p.peer().equals(peer)).count();
  }

  /** The peer with whom most wait, so that nobody loses his only one to another's many. */
  private PublicKey busiest() {
    PublicKey most = pending.getFirst().peer();
    for (Pending waiting : pending) {
      if (count(waiting.peer()) > count(most)) {
        most = waiting.peer();
      }
    }
    return most;
  }

  private void giveUpOldest(PublicKey peer) {
    Pending oldest = pending.stream().filter(p -> p.peer().equals(peer)).findFirst().orElseThrow();
    remove(oldest);
    tell(
        new NotaryNotice.Unsettled(
            oldest.id(),
            "given up: %d later ones wait as well, %d of them with the same peer"
                .formatted(pending.size(), count(peer))));
  }

  void add(Answered signed) {
    answered.add(signed);
    while (answered.size() > MOST_ANSWERED) {
      answered.removeFirst();
    }
  }

  void replace(Pending known, Pending next) {
    pending.set(pending.indexOf(known), next);
  }

  void change(UnaryOperator<Pending> change) {
    pending.replaceAll(change);
  }

  void remove(Pending finished) {
    pending.remove(finished);
    said.remove(finished.id());
    failed.remove(finished.id());
  }

  void say(PublicKey peer, IdentityMessage message) {
    say(peer, new PeerMessage.OfIdentity(message));
  }

  void say(PublicKey peer, PeerMessage message) {
    if (peers.containsKey(peer)) {
      actions.add(new NotaryAction.Say(peer, message));
    }
  }

  void ask(NotaryTask task) {
    actions.add(new NotaryAction.Ask(task));
  }

  void store(String name) {
    actions.add(new NotaryAction.Store(name));
  }

  void act(NotaryAction action) {
    actions.add(action);
  }

  void tell(NotaryNotice notice) {
    actions.add(new NotaryAction.Notify(notice));
  }

  NotaryTransition done() {
    return new NotaryTransition(
        new Notary(
            peers,
            shown,
            Optional.ofNullable(own),
            engagement,
            pending,
            answered,
            asked,
            said,
            failed,
            unwilling),
        actions);
  }
}
