package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a channel keeps of HTLCs besides their place in the commitments.
 *
 * @param offered how many the own side offered and signed: those only proposed lapse with the link,
 *     and their ids are given again
 * @param received how many the peer offered and signed
 * @param waiting the peer's HTLCs that are in a commitment, with the onions that only the offer has
 * @param fulfilled the ids of those among them that the own side takes the money of
 * @param preimages known preimages of HTLCs that are in a commitment, of either side's
 */
public record Payments(
    long offered,
    long received,
    List<UpdateAddHtlc> waiting,
    Set<Long> fulfilled,
    List<ByteVector32> preimages) {
  public static final Payments NONE = new Payments(0, 0, List.of(), Set.of(), List.of());

  public Payments {
    waiting = List.copyOf(waiting);
    fulfilled = Set.copyOf(fulfilled);
    preimages = List.copyOf(preimages);
  }

  /** With own updates signed for. */
  Payments signed(List<ChannelMessage> updates) {
    return new Payments(offered + adds(updates).count(), received, waiting, fulfilled, preimages);
  }

  /** With the peer's updates in the own commitment. */
  Payments acknowledged(List<ChannelMessage> updates) {
    return new Payments(
        offered,
        received + adds(updates).count(),
        Stream.concat(waiting.stream(), adds(updates)).toList(),
        fulfilled,
        preimages);
  }

  Payments learn(ByteVector32 preimage) {
    return preimages.contains(preimage)
        ? this
        : new Payments(
            offered,
            received,
            waiting,
            fulfilled,
            Stream.concat(preimages.stream(), Stream.of(preimage)).toList());
  }

  /** With the peer's HTLC of this id to be fulfilled, whatever happens to the link. */
  Payments fulfil(long id, ByteVector32 preimage) {
    Set<Long> more = Stream.concat(fulfilled.stream(), Stream.of(id)).collect(Collectors.toSet());
    return new Payments(offered, received, waiting, more, preimages).learn(preimage);
  }

  /** Without what no HTLC in a commitment needs any more. */
  Payments keep(Set<Long> receivedIds, Set<ByteVector32> hashes) {
    return new Payments(
        offered,
        received,
        waiting.stream().filter(htlc -> receivedIds.contains(htlc.id())).toList(),
        fulfilled.stream().filter(receivedIds::contains).collect(Collectors.toSet()),
        preimages.stream().filter(preimage -> hashes.contains(preimage.sha256())).toList());
  }

  static Stream<UpdateAddHtlc> adds(List<ChannelMessage> updates) {
    return updates.stream().filter(UpdateAddHtlc.class::isInstance).map(UpdateAddHtlc.class::cast);
  }
}
