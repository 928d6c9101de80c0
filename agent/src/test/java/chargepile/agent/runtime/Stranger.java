package chargepile.agent.runtime;

import chargepile.agent.channel.RandomMessages;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.PeerDialer;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.session.PeerCodec;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionAccept;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Adversary} with a link of its own to the pile: it knows the ids of the driver's channel
 * and session from what the pile says to everybody, and says every message about them.
 */
final class Stranger implements PeerLink.Listener {
  private static final Pattern CHANNEL = Pattern.compile(".*/channel/([0-9a-f]{64})");
  private static final Pattern SESSION = Pattern.compile("\"id\":\"([0-9a-f]{32})\"");

  private static final NodeKeys KEYS = new NodeKeys(TwoNodes.seed("stranger"), TwoNodes.SIGNER);
  private static final Registry.Party REGISTERED =
      Registry.TRUSTED.driver("stranger", KEYS.nodeId());

  private static final int SIGNATURE_BYTES = 48;

  /** As effects: it had a link, knew a session and spoke of it, and was answered. */
  static final String OPENED = "a link of a stranger's";

  static final String SPOKE_OF_SESSION = "spoke of a session";
  static final String HEARD = "heard by a stranger";

  private final Adversary eve;
  private @Nullable PeerDialer dialer;

  Stranger(Adversary eve) {
    this.eve = eve;
  }

  void begin() {
    dialer =
        new PeerDialer(
            new LinkEnvironment(
                new OwnBus(),
                Runnable::run,
                eve.scheduler,
                eve.random,
                TwoNodes.SIGNER,
                KEYS.nodeKey(),
                LinkSettings.DEFAULTS),
            TwoNodes.TOPICS,
            eve.pileKey,
            this);
  }

  @Override
  public void onOpened(PeerLink link) {
    eve.took(OPENED);
    ByteVector32 channel =
        eve.documents.keySet().stream()
            .map(CHANNEL::matcher)
            .filter(Matcher::matches)
            .findFirst()
            .map(found -> new ByteVector32(found.group(1)))
            .orElse(TwoNodes.seed("no channel"));
    Matcher session = SESSION.matcher(eve.documents.getOrDefault(TwoNodes.TOPICS.session(), ""));
    introduce(link);
    new RandomMessages(eve.random)
        .ofEveryType(new ChannelId(channel))
        .forEach(message -> say(link, PeerMessage.ofChannel(message)));
    if (session.find()) {
      eve.took(SPOKE_OF_SESSION);
      speakOf(new SessionId(new ByteVector(session.group(1))), link);
    }
  }

  /** Every message about a session, as its driver or its pile would say it. */
  private void speakOf(SessionId id, PeerLink link) {
    ByteVector signature = new ByteVector(eve.noise(SIGNATURE_BYTES));
    ByteVector settlement = new ByteVector(eve.noise(300));
    SessionTotals.Total nothing = SessionTotals.start(id).imported();
    MilliWattHours one = new MilliWattHours(1);
    MilliWattHours none = new MilliWattHours(0);
    Limits tight = new Limits(one, new Amount(1), 1, Duration.ofSeconds(1));
    Set<Direction> both = Set.of(Direction.values());
    for (Limits limits : List.of(Limits.NONE, tight)) {
      say(link, new PeerMessage.OfSession(new SessionAccept(id, both, limits)));
    }
    for (Direction direction : Direction.values()) {
      Stream.of(
              new IdentityMessage.SettlementProposal(id, direction, settlement, signature),
              new IdentityMessage.SettlementSignature(id, direction, signature),
              new IdentityMessage.SettlementRefusal(id, direction, true, "not now"),
              new IdentityMessage.SettlementRefusal(id, direction, false, "never"))
          .forEach(message -> say(link, new PeerMessage.OfIdentity(message)));
    }
    say(link, new PeerMessage.OfIdentity(new IdentityMessage.IntroductionRefusal("no")));
    say(
        link,
        new PeerMessage.OfSession(
            new SessionOffer(
                id,
                TwoNodes.PILE.tariff(),
                one,
                none,
                both,
                none,
                none,
                11_000,
                Optional.empty())));
    say(
        link,
        new PeerMessage.OfSession(
            new SessionSummary(id, StopReason.FAULT, nothing, nothing, none, none)));
    say(link, new PeerMessage.OfSession(new SessionStop(id, StopReason.FAULT, "stop")));
  }

  /** With the driver's certificate, were it stolen, and with one of its own of the same KGC. */
  private static void introduce(PeerLink link) {
    for (ByteVector certificate : List.of(Charge.THE_DRIVER.shown(), REGISTERED.shown())) {
      say(link, new PeerMessage.OfIdentity(new IdentityMessage.Introduction(certificate)));
    }
  }

  /** Each in a frame of its own, so that none is passed over because of another. */
  private static void say(PeerLink link, PeerMessage message) {
    link.send(List.of(PeerCodec.encode(message)));
  }

  @Override
  public void onMessages(PeerLink link, List<byte[]> messages) {
    eve.took(HEARD); // what the pile says to a stranger is nobody's secret
  }

  @Override
  public void onClosed(PeerLink link, String why) {
    if (dialer != null) {
      dialer.close();
    }
  }

  /** The bus on the pile's side, which is not ended with a link; notes the topics of its own. */
  private final class OwnBus implements Bus {
    @Override
    public String name() {
      return eve.atPile.name();
    }

    @Override
    public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
      eve.ownLinks.add(filter);
      return eve.atPile.subscribe(filter, listener);
    }

    @Override
    public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
      eve.ownLinks.add(topic);
      eve.say(topic, payload, retained);
    }

    @Override
    public void onConnection(Consumer<Boolean> listener) {
      listener.accept(true);
    }

    @Override
    public void close() {
      // The adversary's.
    }
  }
}
