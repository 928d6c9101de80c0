package chargepile.agent.channel.codec;

import chargepile.agent.channel.StaticChannel;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The static part of a node's unfinished channels: all that it takes, together with the seed, to
 * get its money back through its peers. It holds no state that could be published, so an old one
 * does no harm; it only lacks the channels opened since.
 *
 * @param metering whether the node is a pile; a driver otherwise
 * @param node whose channels these are
 * @param chainHash genesis block hash of the network
 * @param madeAt for people only
 * @param scanFrom the height below which no block says anything of these channels
 * @param closingScript where their money goes
 * @param address of the pile, at which the peers meet; empty when it was not known
 */
public record ChannelBackup(
    boolean metering,
    PublicKey node,
    ByteVector32 chainHash,
    Instant madeAt,
    BlockHeight scanFrom,
    ByteVector closingScript,
    Optional<String> address,
    List<Entry> channels) {
  /** A channel and the node id of its peer. */
  public record Entry(PublicKey peer, StaticChannel channel) {}

  public ChannelBackup {
    channels = List.copyOf(channels);
  }

  public byte[] encode() {
    StateWriter out = new StateWriter();
    out.flag(metering)
        .key(node)
        .fixed(chainHash)
        .i64(madeAt.toEpochMilli())
        .i32(scanFrom.value())
        .bytes(closingScript)
        .optional(address, out::text)
        .list(
            channels,
            entry -> {
              out.key(entry.peer());
              StaticChannelCodec.write(out, entry.channel());
            });
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedStateException when the bytes are anything else
   */
  public static ChannelBackup decode(byte[] bytes) {
    return StateReader.whole(
        "backup",
        bytes,
        in ->
            new ChannelBackup(
                in.flag(),
                in.key(),
                in.vector32(),
                Instant.ofEpochMilli(in.i64()),
                new BlockHeight(in.i32()),
                in.vector(),
                in.optional(in::text),
                in.list(() -> new Entry(in.key(), StaticChannelCodec.read(in)))));
  }
}
