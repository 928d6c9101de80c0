package chargepile.agent.session;

import chargepile.agent.channel.Channel;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A channel and the number of its keys.
 *
 * @param keyIndex index of the own keys under the own seed; never used for another channel
 */
public record PeerChannel(long keyIndex, PaymentLeg leg) {
  /** The lowest index that {@link #unusedKeyIndex} gives: far above what counting comes to. */
  private static final long UNUSED = 1L << 40;

  private static final long INDICES = 1L << 60;

  /**
   * An index that no channel of the seed had, as far as chance can promise: for when it is not
   * known which ones were in use.
   */
  public static long unusedKeyIndex(ByteVector32 entropy) {
    long random = ByteBuffer.wrap(entropy.toByteArray()).getLong();
    return UNUSED + Math.floorMod(random, INDICES);
  }

  /** A penalty channel. */
  public PeerChannel(long keyIndex, Channel channel) {
    this(keyIndex, new PenaltyLeg(channel));
  }

  /** The channel's id, a temporary one until it is funded; empty before there is one. */
  public Optional<ChannelId> id() {
    return leg.id();
  }

  /** Whether both have signed for it and the ledger has not settled it: closing it costs a fee. */
  public boolean isUnfinished() {
    return leg.isUnfinished();
  }

  public PeerChannel with(PaymentLeg next) {
    return new PeerChannel(keyIndex, next);
  }
}
