package chargepile.agent.mqtt;

import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One end of a link after the handshake. Runs on the links' executor. */
final class SecureLink implements PeerLink {
  private enum Phase {
    /** Nothing came from the peer yet, so it may not have the last act of the handshake. */
    UNCONFIRMED,
    OPEN,
    CLOSED
  }

  private static final byte[] PING = {Frames.PING};
  private static final byte[] PONG = {Frames.PONG};

  private final LinkEnvironment environment;
  private final String session;
  private final String sendTopic;
  private final PublicKey peer;
  private final FrameCipher cipher;
  private final Listener listener;
  private final Discards discards;
  private Phase phase = Phase.UNCONFIRMED;
  private boolean heard;
  private boolean probing;

  SecureLink(
      LinkEnvironment environment,
      String session,
      TransportKeys keys,
      String sendTopic,
      String receiveTopic,
      Discards discards,
      Listener listener) {
    this.environment = environment;
    this.session = session;
    this.sendTopic = sendTopic;
    this.peer = keys.peer();
    this.cipher = new FrameCipher(keys, sendTopic, receiveTopic);
    this.discards = discards;
    this.listener = listener;
  }

  @Override
  public PublicKey peer() {
    return peer;
  }

  @Override
  public String session() {
    return session;
  }

  @Override
  public boolean isOpen() {
    return phase == Phase.OPEN;
  }

  @Override
  public void send(List<byte[]> messages) {
    List<byte[]> contents = Frames.pack(messages);
    if (phase == Phase.OPEN) {
      contents.forEach(this::publish);
    }
  }

  @Override
  public void close(String why) {
    if (phase != Phase.CLOSED) {
      publish(Frames.goodbye(why));
      end(why);
    }
  }

  /** The listening end opens at once: act three proved that the peer has the keys. */
  void openAsListener() {
    publish(PONG);
    open();
  }

  /** Pings every interval from when the link opens. */
  void keepAlive() {
    environment
        .scheduler()
        .schedule(
            environment.settings().pingInterval(),
            () -> environment.executor().execute(this::pingAgain));
  }

  private void pingAgain() {
    if (phase == Phase.OPEN) {
      publish(PING);
      keepAlive();
    }
  }

  /** Lets the peer notice, by the counter, what it may have missed. */
  void showCounter() {
    if (phase == Phase.OPEN) {
      publish(PONG);
    }
  }

  /** Asks for a sign of life and gives the link up when none comes. */
  void probe() {
    if (phase == Phase.CLOSED || probing) {
      return;
    }
    probing = true;
    heard = false;
    publish(PING);
    after(
        environment.settings().handshakeTimeout(),
        () -> {
          probing = false;
          if (!heard) {
            close("the peer no longer knows this link");
          }
        });
  }

  /** Takes a frame; whether it was the peer's. */
  boolean onFrame(byte[] frame, String topic) {
    if (phase == Phase.CLOSED) {
      return false;
    }
    return switch (cipher.open(frame)) {
      case FrameCipher.Discarded(FrameCipher.Reason reason) -> {
        discards.count(reason.name().toLowerCase(Locale.ROOT).replace('_', ' '), topic);
        yield false;
      }
      case FrameCipher.Opened(byte[] content, long counter, long skipped) -> {
        heard = true;
        if (skipped != 0) {
          close("frame %d came where %d was due".formatted(counter, counter - skipped));
        } else {
          if (phase == Phase.UNCONFIRMED) {
            open();
          }
          onContent(content);
        }
        yield true;
      }
    };
  }

  private void onContent(byte[] content) {
    if (phase != Phase.OPEN) {
      return;
    }
    switch (content.length == 0 ? -1 : content[0]) {
      case Frames.MESSAGES -> onMessages(content);
      case Frames.PING -> publish(PONG);
      case Frames.PONG -> {}
      case Frames.GOODBYE -> end("the peer said: " + Frames.reason(content));
      default -> close("a frame of unknown content");
    }
  }

  private void onMessages(byte[] content) {
    List<byte[]> messages;
    try {
      messages = Frames.unpack(content);
    } catch (IllegalArgumentException e) {
      close("malformed frame: " + e.getMessage());
      return;
    }
    listener.onMessages(this, messages);
  }

  private void open() {
    phase = Phase.OPEN;
    heard = true;
    watchForSilence();
    listener.onOpened(this);
  }

  private void end(String why) {
    phase = Phase.CLOSED;
    listener.onClosed(this, why);
  }

  private void watchForSilence() {
    after(
        environment.settings().deadAfter(),
        () -> {
          if (!heard) {
            close("the peer fell silent");
          } else {
            heard = false;
            watchForSilence();
          }
        });
  }

  private void after(Duration delay, Runnable task) {
    environment
        .scheduler()
        .schedule(
            delay,
            () ->
                environment
                    .executor()
                    .execute(
                        () -> {
                          if (phase != Phase.CLOSED) {
                            task.run();
                          }
                        }));
  }

  private void publish(byte[] content) {
    environment.bus().publish(sendTopic, cipher.seal(content), false);
  }
}
