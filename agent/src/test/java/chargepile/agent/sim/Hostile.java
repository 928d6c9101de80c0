package chargepile.agent.sim;

import chargepile.agent.channel.RandomMessages;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.mqtt.PeerDialer;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerCodec;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.units.ChannelId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Says anything at any time to the pile, with the driver's node key: what either side has said
 * before, in any order, and what nobody would say. It has no other key of the driver's.
 */
final class Hostile implements PeerLink.Listener {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration AWAY = Duration.ofSeconds(3);

  private final World world;
  private final Random random;
  private final RandomMessages messages;
  private final MemoryBus bus;
  private @Nullable PeerDialer dialer;
  private @Nullable PeerLink link;
  private boolean over;

  Hostile(World world) {
    this.world = world;
    this.random = new Random(world.random.nextLong());
    this.messages = new RandomMessages(random);
    this.bus = world.broker.connect(Optional.empty());
  }

  private void dial() {
    if (!over) {
      dialer =
          new PeerDialer(
              new LinkEnvironment(
                  bus,
                  Runnable::run,
                  (delay, task) -> world.clock.schedule(delay, task),
                  random,
                  Party.SIGNER,
                  world.driver.keys.nodeKey(),
                  LinkSettings.DEFAULTS),
              Party.TOPICS,
              world.pile.keys.nodeId(),
              this);
    }
  }

  /** Lets the driver's own program have the link: two that dial at once would do so for ever. */
  private void hangUp() {
    if (dialer != null) {
      dialer.close();
    }
  }

  /** Speaks for so long. */
  void begin(Duration time) {
    dial();
    world.after(PAUSE, this::speak);
    world.after(
        time,
        () -> {
          over = true;
          hangUp();
          bus.close();
        });
  }

  private void speak() {
    if (over) {
      return;
    }
    world.after(PAUSE, this::speak);
    if (link != null) {
      List<byte[]> said = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        said.add(PeerCodec.encode(message()));
      }
      link.send(said);
      world.count(Figure.HOSTILE, said.size());
    }
  }

  private PeerMessage message() {
    List<PeerMessage> before = world.said();
    if (!before.isEmpty() && random.nextInt(4) > 0) {
      PeerMessage old = before.get(random.nextInt(before.size()));
      return old instanceof PeerMessage.OfLeg(LegMessage.OfChannel(ChannelMessage known))
              && random.nextInt(8) == 0
          ? PeerMessage.ofChannel(messages.mutated(known).orElse(known))
          : old;
    }
    ChannelId id =
        world.driver.channel().flatMap(PeerChannel::id).orElse(new ChannelId(Party.seed("none")));
    List<ChannelMessage> all = messages.ofEveryType(id);
    return PeerMessage.ofChannel(all.get(random.nextInt(all.size())));
  }

  @Override
  public void onOpened(PeerLink opened) {
    link = opened;
  }

  @Override
  public void onMessages(PeerLink from, List<byte[]> heard) {
    // It does not listen.
  }

  @Override
  public void onClosed(PeerLink ended, String why) {
    if (link == ended) {
      link = null;
      hangUp();
      world.after(AWAY, this::dial);
    }
  }
}
