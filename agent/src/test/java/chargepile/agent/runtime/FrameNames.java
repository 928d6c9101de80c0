package chargepile.agent.runtime;

import chargepile.agent.session.PeerCodec;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegMessage;
import fr.acinq.bitcoin.ByteVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in the frames that two parties publish: a frame is as long as what it holds, so what a
 * party says is found again in what it published, in the same order.
 */
final class FrameNames {
  /** A data frame without messages, and with one byte of content. */
  private static final int BARE = 26;

  /** The length of each message is written before it. */
  private static final int LENGTH = 2;

  private final Map<ByteVector, String> names = new HashMap<>();

  /** All that the two said to each other, before it was encrypted. */
  final List<byte[]> plain = new ArrayList<>();

  /**
   * A party made a transition.
   *
   * @param published all frames since its last one
   * @param said what it gave its links to send; where there was no link, nothing came of it
   */
  void note(List<ByteVector> published, List<List<PeerMessage>> said) {
    List<ByteVector> left = new ArrayList<>(published);
    left.removeIf(frame -> frame.get(0) != Adversary.DATA || frame.size() <= BARE);
    for (List<PeerMessage> messages : said) {
      List<byte[]> encoded = messages.stream().map(PeerCodec::encode).toList();
      plain.addAll(encoded);
      int length = BARE + encoded.stream().mapToInt(message -> LENGTH + message.length).sum();
      for (int i = 0; i < left.size(); i++) {
        if (left.get(i).size() == length) {
          names.put(left.get(i), String.join(" ", messages.stream().map(FrameNames::of).toList()));
          left.subList(0, i + 1).clear();
          break;
        }
      }
    }
  }

  private static String of(PeerMessage message) {
    return switch (message) {
      case PeerMessage.OfLeg(LegMessage.OfChannel(var of)) -> of.getClass().getSimpleName();
      case PeerMessage.OfLeg(LegMessage.OfVoucher(var of)) -> of.getClass().getSimpleName();
      case PeerMessage.OfSession(var of) -> of.getClass().getSimpleName();
      case PeerMessage.OfIdentity(var of) -> of.getClass().getSimpleName();
    };
  }

  /**
   * What a frame holds; a goodbye is the last of its link and nothing that a party was seen to say.
   *
   * @param all the frames that went by
   */
  String of(Adversary.Frame frame, List<Adversary.Frame> all) {
    return switch (frame.type()) {
      case 1 -> "act one";
      case 2 -> "act two";
      case 3 -> "act three";
      case Adversary.DATA -> {
        String name = names.get(new ByteVector(frame.bytes()));
        if (name != null) {
          yield name;
        }
        boolean last =
            all.subList(frame.number() + 1, all.size()).stream()
                .noneMatch(
                    later -> later.topic().equals(frame.topic()) && later.type() == Adversary.DATA);
        yield frame.bytes().length == BARE ? "sign of life" : last ? "goodbye" : "unnamed";
      }
      default -> "unknown session";
    };
  }
}
