package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.session.PeerMessage;
import fr.acinq.bitcoin.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tinylog.Logger;

/**
 * The links of a node that are open, at most one to a peer; messages go through it both ways.
 * Belongs to the node's mailbox.
 */
final class PeerLinks implements PeerLink.Listener {
  /** What a node hears of its peers. */
  interface Reports {
    /** A link to a peer opened, or took the place of another. */
    void connected(PublicKey peer);

    /** All that one frame of a peer holds. */
    void said(PublicKey peer, List<PeerMessage> messages);

    /** A peer has no link any more. */
    void disconnected(PublicKey peer);
  }

  private final Function<PublicKey, String> name;
  private final Reports reports;
  private final Map<PublicKey, PeerLink> links = new HashMap<>();

  /**
   * No link yet.
   *
   * @param name what a peer is called in the log
   */
  PeerLinks(Function<PublicKey, String> name, Reports reports) {
    this.name = name;
    this.reports = reports;
  }

  /** Says {@code messages} in one go; they are lost when there is no link. */
  void send(PublicKey peer, List<PeerMessage> messages) {
    PeerLink link = links.get(peer);
    if (link != null) {
      link.send(FrameContent.encode(messages));
    }
  }

  @Override
  public void onOpened(PeerLink link) {
    links.put(link.peer(), link);
    reports.connected(link.peer());
  }

  @Override
  public void onMessages(PeerLink link, List<byte[]> messages) {
    if (links.get(link.peer()) != link) {
      return; // of a link that another has replaced
    }
    try {
      reports.said(link.peer(), FrameContent.decode(messages));
    } catch (MalformedMessageException e) {
      Logger.warn(
          "{}: {}; nothing of its frame was taken", name.apply(link.peer()), e.getMessage());
      link.close(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void onClosed(PeerLink link, String why) {
    if (links.remove(link.peer(), link)) {
      Logger.info("link to {} ended: {}", name.apply(link.peer()), why);
      reports.disconnected(link.peer());
    }
  }
}
