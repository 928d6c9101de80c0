package chargepile.agent.mqtt;

import chargepile.agent.mqtt.PeerLink.Listener;
import fr.acinq.bitcoin.PublicKey;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The pile's end: answers handshakes of whoever knows the pile's node key. Who may open a channel
 * is decided above, by {@link PeerLink#peer}.
 *
 * <p>What it keeps is bounded by {@link LinkSettings}: the oldest handshake and the link that was
 * silent longest make room for new ones, and a newer link of a node ends its older one; frames that
 * wait are bounded by {@link Backlog}. Methods may be called from any thread; the listener is
 * called on the links' executor.
 */
public final class PeerListener implements AutoCloseable {
  private record HalfOpen(byte[] actOne, NoiseXk.Responder responder) {}

  private final LinkEnvironment environment;
  private final Topics topics;
  private final Listener listener;
  private final Discards discards;
  private final Backlog backlog = new Backlog();
  private final Map<String, HalfOpen> halfOpen = new LinkedHashMap<>();

  /** By session, the longest silent first. */
  private final Map<String, SecureLink> links = new LinkedHashMap<>();

  private final List<AutoCloseable> subscriptions;
  private boolean closed;

  /** Listens from now on. */
  public PeerListener(LinkEnvironment environment, Topics topics, Listener listener) {
    this.environment = environment;
    this.topics = topics;
    this.listener = listener;
    this.discards = new Discards("pile " + topics.pileId());
    this.subscriptions =
        List.of(subscribe(topics.peersToPile()), subscribe(topics.userPeersToPile()));
    environment.bus().onConnection(up -> environment.executor().execute(() -> onConnection(up)));
  }

  /** Frames thrown away so far, by reason. */
  public Map<String, Long> discarded() {
    return discards.counts();
  }

  /** Ends all links and listens no more. */
  @Override
  public void close() {
    environment.executor().execute(this::closeNow);
  }

  private AutoCloseable subscribe(String filter) {
    return environment.bus().subscribe(filter, this::onArrival);
  }

  /** On the bus's thread: lets in what there is room for. */
  private void onArrival(Bus.Delivery delivery) {
    int bytes = delivery.payload().length;
    String sender = topics.senderOf(delivery.topic()).orElse("");
    if (bytes > FrameCipher.MAX_FRAME_BYTES) {
      discards.count("a frame that is too long", delivery.topic());
    } else if (!backlog.enter(sender, bytes)) {
      discards.count("a frame past what may wait of one sender", delivery.topic());
    } else {
      environment
          .executor()
          .execute(
              () -> {
                backlog.leave(sender, bytes);
                onDelivery(delivery);
              });
    }
  }

  private void closeNow() {
    if (!closed) {
      closed = true;
      subscriptions.forEach(Subscriptions::close);
      List.copyOf(links.values()).forEach(link -> link.close("the pile shuts down"));
      halfOpen.clear();
    }
  }

  private void onConnection(boolean up) {
    if (up) {
      List.copyOf(links.values()).forEach(SecureLink::showCounter);
    }
  }

  private void onDelivery(Bus.Delivery delivery) {
    String session = topics.sessionOf(delivery.topic()).orElse(null);
    if (closed) {
      return;
    }
    if (session == null || delivery.retained()) {
      discards.count(session == null ? "not a link's topic" : "a retained frame", delivery.topic());
      return;
    }
    byte[] frame = delivery.payload();
    switch (Frames.type(frame)) {
      case Frames.ACT_ONE -> onActOne(session, Frames.body(frame));
      case Frames.ACT_THREE -> onActThree(session, Frames.body(frame));
      case Frames.DATA -> onData(session, delivery);
      default -> discards.count("a frame of unknown type", delivery.topic());
    }
  }

  private void onActOne(String session, byte[] actOne) {
    if (links.containsKey(session)) {
      discards.count("act one of a link that is open", topics.toPile(session));
      return;
    }
    HalfOpen known = halfOpen.get(session);
    if (known == null || !Arrays.equals(known.actOne(), actOne)) {
      known = answer(session, actOne);
    }
    if (known != null) {
      environment
          .bus()
          .publish(
              topics.toDriver(session),
              Frames.act(Frames.ACT_TWO, known.responder().actTwo()),
              false);
    }
  }

  private @Nullable HalfOpen answer(String session, byte[] actOne) {
    HalfOpen fresh;
    try {
      fresh =
          new HalfOpen(
              actOne,
              new NoiseXk.Responder(
                  environment.signer(), environment.nodeKey(), environment.drawKey(), actOne));
    } catch (HandshakeException e) {
      discards.count(e, topics.toPile(session));
      return null;
    }
    halfOpen.put(session, fresh);
    if (halfOpen.size() > environment.settings().maxHalfOpen()) {
      removeFirst(halfOpen.values().iterator());
    }
    environment
        .scheduler()
        .schedule(
            environment.settings().handshakeTimeout(),
            () -> environment.executor().execute(() -> halfOpen.remove(session, fresh)));
    return fresh;
  }

  private void onActThree(String session, byte[] actThree) {
    HalfOpen pending = halfOpen.get(session);
    if (pending == null) {
      discards.count("act three of no handshake", topics.toPile(session));
      return;
    }
    try {
      open(session, pending.responder().onActThree(actThree));
    } catch (HandshakeException e) {
      discards.count(e, topics.toPile(session));
    }
  }

  private void open(String session, TransportKeys keys) {
    halfOpen.remove(session);
    closeLinksOf(keys.peer());
    if (links.size() >= environment.settings().maxLinks()) {
      links.values().iterator().next().close("the pile has too many links");
    }
    SecureLink link =
        new SecureLink(
            environment,
            session,
            keys,
            topics.toDriver(session),
            topics.toPile(session),
            discards,
            new Forgetting());
    links.put(session, link);
    Logger.debug("link {} to {} is open", session, keys.peer());
    link.openAsListener();
  }

  private void closeLinksOf(PublicKey peer) {
    for (SecureLink link : List.copyOf(links.values())) {
      if (link.peer().equals(peer)) {
        link.close("a newer link of the same node replaces it");
      }
    }
  }

  private void onData(String session, Bus.Delivery delivery) {
    SecureLink link = links.get(session);
    if (link != null) {
      if (link.onFrame(delivery.payload(), delivery.topic()) && links.remove(session, link)) {
        links.put(session, link);
      }
    } else {
      discards.count("data of no link", delivery.topic());
      if (!halfOpen.containsKey(session)) {
        environment
            .bus()
            .publish(topics.toDriver(session), new byte[] {Frames.UNKNOWN_SESSION}, false);
      }
    }
  }

  private static void removeFirst(Iterator<?> iterator) {
    iterator.next();
    iterator.remove();
  }

  /** Passes on what a link says, and forgets the link when it ends. */
  private final class Forgetting implements Listener {
    @Override
    public void onOpened(PeerLink link) {
      listener.onOpened(link);
    }

    @Override
    public void onMessages(PeerLink link, List<byte[]> messages) {
      listener.onMessages(link, messages);
    }

    @Override
    public void onClosed(PeerLink link, String why) {
      links.remove(link.session());
      Logger.debug("link {} to {} is closed: {}", link.session(), link.peer(), why);
      listener.onClosed(link, why);
    }
  }
}
