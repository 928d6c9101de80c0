package chargepile.agent.session;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A channel and the number of its keys.
 *
 * @param keyIndex index of the own keys under the own seed; never used for another channel
 */
public record PeerChannel(long keyIndex, Channel channel) {
  /** Why an HTLC is given back: a session sells and buys energy and awaits no payment by HTLC. */
  public static final ByteVector UNKNOWN_PAYMENT =
      new ByteVector("unknown payment".getBytes(StandardCharsets.UTF_8));

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

  /** The channel's id, temporary until it is funded; empty before there is one. */
  public Optional<ChannelId> id() {
    return switch (channel.stage()) {
      case Stage.Absent _ -> Optional.empty();
      case Stage.AwaitingAccept(var request, _) -> Optional.of(request.temporaryId());
      case Stage.AwaitingFunding(var opening) -> Optional.of(opening.temporaryId());
      case Stage.AwaitingFundingSigned(var opening, _) -> Optional.of(opening.temporaryId());
      case Stage.AwaitingFundingCreated(var opening) -> Optional.of(opening.temporaryId());
      case Stage.Funded _, Stage.Recovering _, Stage.Closed _ ->
          channel.kept().map(StaticChannel::id);
    };
  }

  /** Whether both have signed for it and the chain has not settled it: closing it costs a fee. */
  public boolean isUnfinished() {
    return channel.stage() instanceof Stage.Funded || channel.stage() instanceof Stage.Recovering;
  }

  public PeerChannel with(Channel next) {
    return new PeerChannel(keyIndex, next);
  }
}
