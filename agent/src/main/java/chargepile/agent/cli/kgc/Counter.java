package chargepile.agent.cli.kgc;

import chargepile.agent.identity.RegistrationMessage;
import chargepile.agent.identity.RegistrationMessage.Refused;
import chargepile.agent.identity.RegistrationMessage.Register;
import chargepile.agent.identity.RegistrationMessage.Waiting;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.mqtt.PeerListener;
import chargepile.agent.mqtt.Topics;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where devices ask online: takes their requests from the encrypted links, and tells each what
 * becomes of its own, at once and when the operator has decided.
 *
 * <p>Runs on the links' executor. A link has one request at a time, and only for its own node key,
 * which the handshake proved.
 */
final class Counter implements AutoCloseable, PeerLink.Listener {
  /** How often it looks for the operator's decision. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What a request costs to check is worth more than what a link costs to open. */
  private static final int MOST_REQUESTS_OF_A_LINK = 20;

  /** Decides, or says what was decided. */
  interface Desk {
    /** The answer to a request from the owner of {@code node}. */
    RegistrationMessage answer(PublicKey node, ByteVector request);

    /** Changes whenever an answer may have. */
    String state();
  }

  /** What a link waits for. */
  private static final class Asked {
    private Optional<ByteVector> request = Optional.empty();
    private int count;
  }

  private final LinkEnvironment environment;
  private final Desk desk;
  private final Map<PeerLink, Asked> links = new LinkedHashMap<>();
  private final PeerListener listener;
  private String seen = "";
  private boolean closed;

  /** Listens from now on. */
  Counter(LinkEnvironment environment, Topics topics, Desk desk) {
    this.environment = environment;
    this.desk = desk;
    this.listener = new PeerListener(environment, topics, this);
    lookLater();
  }

  @Override
  public void onOpened(PeerLink link) {
    links.put(link, new Asked());
  }

  @Override
  public void onMessages(PeerLink link, List<byte[]> messages) {
    Asked asked = links.get(link);
    if (asked == null) {
      return;
    }
    for (byte[] message : messages) {
      if (++asked.count > MOST_REQUESTS_OF_A_LINK) {
        link.close("too many requests on one link");
        return;
      }
      Optional<RegistrationMessage> read = RegistrationMessage.decode(message);
      if (read.isPresent() && read.get() instanceof Register(ByteVector request)) {
        asked.request = Optional.of(request);
        answer(link, asked, request);
      } else {
        send(
            link, new Refused("this is no request that the KGC understands: use the same version"));
      }
    }
  }

  @Override
  public void onClosed(PeerLink link, String why) {
    links.remove(link);
  }

  private void answer(PeerLink link, Asked asked, ByteVector request) {
    RegistrationMessage answer = desk.answer(link.peer(), request);
    if (!(answer instanceof Waiting)) {
      asked.request = Optional.empty();
    }
    send(link, answer);
  }

  private static void send(PeerLink link, RegistrationMessage message) {
    link.send(List.of(message.encode()));
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      String now = desk.state();
      if (!now.equals(seen)) {
        seen = now;
        Map.copyOf(links).forEach(this::tellOfDecision);
      }
    } finally {
      lookLater();
    }
  }

  /** Asks the desk again for one who waits. */
  private void tellOfDecision(PeerLink link, Asked asked) {
    if (asked.request.isPresent()) {
      RegistrationMessage answer = desk.answer(link.peer(), asked.request.get());
      if (!(answer instanceof Waiting)) {
        asked.request = Optional.empty();
        send(link, answer);
      }
    }
  }

  private void lookLater() {
    environment.scheduler().schedule(LOOK, () -> environment.executor().execute(this::look));
  }

  @Override
  public void close() {
    environment.executor().execute(() -> closed = true);
    listener.close();
  }
}
