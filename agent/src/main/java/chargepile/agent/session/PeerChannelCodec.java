package chargepile.agent.session;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import java.nio.ByteBuffer;

/**
 * A {@link PeerChannel} as bytes. A penalty channel's are those of {@link ChannelCodec}, which hold
 * the number of its keys. A voucher channel's begin with {@code ff}, which no version of the other
 * does, and that number in 8 bytes; those of {@link VoucherChannelCodec} follow.
 */
public final class PeerChannelCodec {
  /** The first byte of a voucher channel. */
  public static final byte VOUCHER = (byte) 0xff;

  private static final int HEAD = 1 + Long.BYTES;

  private PeerChannelCodec() {}

  public static byte[] encode(PeerChannel known) {
    return switch (known.leg()) {
      case PenaltyLeg(var channel) -> ChannelCodec.encode(channel);
      case VoucherLeg(var channel) -> {
        byte[] state = VoucherChannelCodec.encode(channel);
        yield ByteBuffer.allocate(HEAD + state.length)
            .put(VOUCHER)
            .putLong(known.keyIndex())
            .put(state)
            .array();
      }
    };
  }

  /**
   * Reads what {@link #encode} wrote, of a channel that both had agreed to.
   *
   * @throws MalformedStateException when the bytes are anything else
   */
  public static PeerChannel decode(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == VOUCHER ? voucher(bytes) : penalty(bytes);
  }

  private static PeerChannel voucher(byte[] bytes) {
    if (bytes.length < HEAD) {
      throw new MalformedStateException("voucher channel: %d bytes".formatted(bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    long keyIndex = in.getLong();
    byte[] state = new byte[in.remaining()];
    in.get(state);
    return new PeerChannel(keyIndex, new VoucherLeg(VoucherChannelCodec.decode(state)));
  }

  private static PeerChannel penalty(byte[] bytes) {
    Channel channel = ChannelCodec.decode(bytes);
    StaticChannel kept =
        channel
            .kept()
            .orElseThrow(() -> new MalformedStateException("a channel that nobody signed for"));
    return new PeerChannel(kept.setup().keyIndex(), channel);
  }
}
