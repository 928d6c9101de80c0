package chargepile.agent.cli.register;

import chargepile.agent.identity.RegistrationMessage;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.PeerDialer;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.mqtt.Topics;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A device's end of the link with the KGC: asks whenever the link opens, so that a reply that was
 * lost comes again, and hands on what the KGC says.
 */
final class KgcLink implements AutoCloseable {
  /** More than an honest KGC says before somebody reads it. */
  private static final int MOST_WAITING = 100;

  private final BlockingQueue<RegistrationMessage> heard = new LinkedBlockingQueue<>(MOST_WAITING);
  private final PeerDialer dialer;

  /** Asks from now on. */
  KgcLink(LinkEnvironment environment, Topics topics, PublicKey kgc, ByteVector request) {
    byte[] question = new RegistrationMessage.Register(request).encode();
    dialer =
        new PeerDialer(
            environment,
            topics,
            kgc,
            new PeerLink.Listener() {
              @Override
              public void onOpened(PeerLink link) {
                link.send(List.of(question));
              }

              @Override
              public void onMessages(PeerLink link, List<byte[]> messages) {
                for (byte[] message : messages) {
                  RegistrationMessage.decode(message)
                      .ifPresentOrElse(
                          heard::offer, () -> link.close("not understood: is it another version?"));
                }
              }

              @Override
              public void onClosed(PeerLink link, String why) {}
            });
  }

  /** What the KGC says next; nothing when it says nothing for so long. */
  Optional<RegistrationMessage> next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(heard.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    dialer.close();
  }
}
