package chargepile.agent.mqtt;

import fr.acinq.bitcoin.PublicKey;
import java.util.List;

/**
 * An authenticated, encrypted, ordered link to a peer. What is handed to the listener came from the
 * peer, in order and without a gap; a loss ends the link, and after the next one opens both sides
 * re-establish their channels.
 *
 * <p>Not thread-safe: called from, and calling back on, the executor that its {@link PeerDialer} or
 * {@link PeerListener} was given, which must run one task at a time.
 */
public interface PeerLink {
  /** The most bytes a message may have. */
  int MAX_MESSAGE_BYTES = FrameCipher.MAX_CONTENT_BYTES - 3;

  /** The peer's node key, which the handshake proved. */
  PublicKey peer();

  /** The link's id, for the log: 32 hex digits. */
  String session();

  boolean isOpen();

  /**
   * Sends {@code messages} in order, in as few frames as hold them. Does nothing on a closed link.
   * Throws {@link IllegalArgumentException} for a message over {@link #MAX_MESSAGE_BYTES}.
   */
  void send(List<byte[]> messages);

  /** Ends the link and tells the peer why; calls {@link Listener#onClosed}. */
  void close(String why);

  /** Who is told of links. */
  interface Listener {
    /** A link opened; {@code link} replaces any other link to the same peer. */
    void onOpened(PeerLink link);

    /** Messages arrived, at least one. */
    void onMessages(PeerLink link, List<byte[]> messages);

    /** {@code link} ended and will say no more. */
    void onClosed(PeerLink link, String why);
  }
}
