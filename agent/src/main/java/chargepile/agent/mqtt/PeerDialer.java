package chargepile.agent.mqtt;

import chargepile.agent.mqtt.PeerLink.Listener;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The driver's end: keeps a link to one pile. Every attempt has a fresh session id and ephemeral
 * key. An attempt that is not answered in time is followed by another after a pause that doubles up
 * to {@link LinkSettings#longestBackoff}; a link that served is followed at once.
 *
 * <p>Methods may be called from any thread; the listener is called on the links' executor.
 */
public final class PeerDialer implements AutoCloseable {
  private final LinkEnvironment environment;
  private final Topics topics;
  private final PublicKey pile;
  private final Listener listener;
  private final Discards discards;
  private @Nullable Attempt attempt;
  private int failures;
  private boolean busIsUp;
  private boolean closed;

  /**
   * Dials from now on, whenever the bus is connected.
   *
   * @param pile the pile's node key, from the QR code on it; throws {@link
   *     IllegalArgumentException} when it is not a point on the curve
   */
  public PeerDialer(LinkEnvironment environment, Topics topics, PublicKey pile, Listener listener) {
    if (!environment.signer().isValid(pile)) {
      throw new IllegalArgumentException(
          "node key of pile %s is not a point on the curve: %s".formatted(topics.pileId(), pile));
    }
    this.environment = environment;
    this.topics = topics;
    this.pile = pile;
    this.listener = listener;
    this.discards = new Discards("driver at pile " + topics.pileId());
    environment.bus().onConnection(up -> environment.executor().execute(() -> onConnection(up)));
  }

  /** Frames thrown away so far, by reason. */
  public Map<String, Long> discarded() {
    return discards.counts();
  }

  /** Ends the link and dials no more. */
  @Override
  public void close() {
    environment
        .executor()
        .execute(
            () -> {
              closed = true;
              if (attempt != null) {
                attempt.abandon("the driver hangs up");
              }
            });
  }

  private void onConnection(boolean up) {
    busIsUp = up;
    if (!up || closed) {
      return;
    }
    if (attempt != null && attempt.isOpen()) {
      attempt.probe();
    } else {
      failures = 0;
      dial();
    }
  }

  private void dial() {
    if (closed || !busIsUp) {
      return;
    }
    if (attempt != null) {
      attempt.abandon("another attempt follows");
    }
    Attempt next = new Attempt();
    attempt = next;
    next.start();
  }

  private void dialLater(Attempt ended) {
    if (attempt == ended) {
      attempt = null;
      Duration pause = pause();
      failures++;
      after(
          pause,
          () -> {
            if (attempt == null) {
              dial();
            }
          });
    }
  }

  /** Nothing after a link that served, else doubling, with up to a quarter taken off at random. */
  private Duration pause() {
    if (failures == 0) {
      return Duration.ZERO;
    }
    LinkSettings settings = environment.settings();
    long longest = settings.longestBackoff().toNanos();
    long first = Math.min(longest, settings.handshakeTimeout().toNanos());
    int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(first) - 2);
    long nanos = Math.min(longest, first << doublings);
    return Duration.ofNanos(nanos - environment.random().nextLong(nanos / 4 + 1));
  }

  private void after(Duration delay, Runnable task) {
    environment.scheduler().schedule(delay, () -> environment.executor().execute(task));
  }

  /** One session id: a handshake and, if it succeeds, the link. */
  private final class Attempt implements Listener {
    private final String session = environment.drawSession();
    private final NoiseXk.Initiator initiator =
        new NoiseXk.Initiator(
            environment.signer(), environment.nodeKey(), environment.drawKey(), pile);
    private @Nullable AutoCloseable subscription;
    private @Nullable SecureLink link;
    private boolean wasOpen;
    private boolean over;

    void start() {
      subscription =
          environment
              .bus()
              .subscribe(
                  topics.toDriver(session),
                  delivery -> environment.executor().execute(() -> onDelivery(delivery)));
      environment
          .bus()
          .publish(topics.toPile(session), Frames.act(Frames.ACT_ONE, initiator.actOne()), false);
      after(environment.settings().handshakeTimeout(), this::giveUpUnlessOpen);
    }

    boolean isOpen() {
      return link != null && link.isOpen();
    }

    void probe() {
      if (link != null) {
        link.probe();
      }
    }

    void abandon(String why) {
      if (isOpen() && link != null) {
        link.close(why);
      }
      finish();
    }

    private void giveUpUnlessOpen() {
      if (!over && !isOpen()) {
        Logger.debug("handshake {} with pile {} timed out", session, topics.pileId());
        finish();
        dialLater(this);
      }
    }

    private void forgiveFailures() {
      if (isOpen()) {
        failures = 0;
      }
    }

    private void finish() {
      over = true;
      if (subscription != null) {
        Subscriptions.close(subscription);
        subscription = null;
      }
    }

    private void onDelivery(Bus.Delivery delivery) {
      if (over) {
        return;
      }
      if (delivery.retained()) {
        discards.count("a retained frame", delivery.topic());
        return;
      }
      byte[] frame = delivery.payload();
      switch (Frames.type(frame)) {
        case Frames.ACT_TWO -> onActTwo(Frames.body(frame));
        case Frames.DATA -> {
          if (link == null) {
            discards.count("data before act two", delivery.topic());
          } else {
            link.onFrame(frame, delivery.topic());
          }
        }
        case Frames.UNKNOWN_SESSION -> probe();
        default -> discards.count("a frame of unknown type", delivery.topic());
      }
    }

    private void onActTwo(byte[] actTwo) {
      if (link != null) {
        discards.count("act two of a finished handshake", topics.toDriver(session));
        return;
      }
      NoiseXk.Completed completed;
      try {
        completed = initiator.onActTwo(actTwo);
      } catch (HandshakeException e) {
        discards.count(e, topics.toDriver(session));
        return;
      }
      link =
          new SecureLink(
              environment,
              session,
              completed.keys(),
              topics.toPile(session),
              topics.toDriver(session),
              discards,
              this);
      environment
          .bus()
          .publish(
              topics.toPile(session), Frames.act(Frames.ACT_THREE, completed.actThree()), false);
    }

    @Override
    public void onOpened(PeerLink opened) {
      Logger.debug("link {} to pile {} is open", session, topics.pileId());
      wasOpen = true;
      if (link != null) {
        link.keepAlive();
      }
      after(environment.settings().pingInterval(), this::forgiveFailures);
      listener.onOpened(opened);
    }

    @Override
    public void onMessages(PeerLink from, List<byte[]> messages) {
      failures = 0;
      listener.onMessages(from, messages);
    }

    @Override
    public void onClosed(PeerLink ended, String why) {
      Logger.debug("link {} to pile {} is closed: {}", session, topics.pileId(), why);
      finish();
      if (wasOpen) {
        listener.onClosed(ended, why);
      }
      dialLater(this);
    }
  }
}
