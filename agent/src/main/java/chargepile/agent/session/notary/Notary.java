package chargepile.agent.session.notary;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a side knows of its peers' identities, and the settlements that are not finished. Peers, and
 * what was asked and said, are not kept over a restart.
 *
 * @param peers those with a link
 * @param shown what those of them showed that introduced themselves
 * @param own the own certificate, where it is not the one that the program began with
 * @param engagement the session under way, or the last one, if both parties are certified
 * @param pending oldest first
 * @param answered likewise
 * @param asked those of which the clerk has something to do
 * @param said those whose proposal was said on the present link
 * @param failed those that were declined on the present link: one try is enough for it
 * @param unwilling peers that agree to no terms with this side, as they said on the present link
 */
public record Notary(
    Map<PublicKey, PeerIdentity> peers,
    Map<PublicKey, Shown> shown,
    Optional<ByteVector> own,
    Optional<Engagement> engagement,
    List<Pending> pending,
    List<Answered> answered,
    Set<SettlementId> asked,
    Set<SettlementId> said,
    Set<SettlementId> failed,
    Set<PublicKey> unwilling) {
  public static final Notary NONE = restored(Optional.empty(), List.of(), List.of());

  public Notary {
    peers = Collections.unmodifiableMap(new LinkedHashMap<>(peers));
    shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown));
    pending = List.copyOf(pending);
    answered = List.copyOf(answered);
    asked = Set.copyOf(asked);
    said = Set.copyOf(said);
    failed = Set.copyOf(failed);
    unwilling = Set.copyOf(unwilling);
  }

  /** As it comes out of the store. */
  static Notary restored(
      Optional<Engagement> engagement, List<Pending> pending, List<Answered> answered) {
    return new Notary(
        Map.of(),
        Map.of(),
        Optional.empty(),
        engagement,
        pending,
        answered,
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of());
  }

  /** Who a peer is, as far as that is known. */
  public PeerIdentity peer(PublicKey node) {
    return peers.getOrDefault(node, new PeerIdentity.Unheard());
  }

  /** The sessions of a channel with a peer whose settlement is not finished, or not begun. */
  public Set<SessionId> sessions(ChannelId channel, PublicKey peer) {
    Set<SessionId> sessions = new LinkedHashSet<>();
    engagement.filter(e -> e.peer().equals(peer)).map(Engagement::session).ifPresent(sessions::add);
    pending.stream()
        .filter(p -> p.account().channel().equals(channel))
        .map(p -> p.id().session())
        .forEach(sessions::add);
    return sessions;
  }

  /** Whether a settlement of a session waits in which nothing is paid as far as is known. */
  public boolean isUnpaid(SessionId session) {
    return isPending(session)
        && pending.stream().noneMatch(p -> p.id().session().equals(session) && p.isOwed());
  }

  /** Whether a settlement of a session is not finished. */
  public boolean isPending(SessionId session) {
    return pending.stream().anyMatch(p -> p.id().session().equals(session));
  }
}
