package chargepile.agent.session;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Stage;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
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

  /** The channel's id, temporary until it is funded; empty before there is one. */
  public Optional<ChannelId> id() {
    return switch (channel.stage()) {
      case Stage.Absent _ -> Optional.empty();
      case Stage.AwaitingAccept(var request, _) -> Optional.of(request.temporaryId());
      case Stage.AwaitingFunding(var opening) -> Optional.of(opening.temporaryId());
      case Stage.AwaitingFundingSigned(var opening, _) -> Optional.of(opening.temporaryId());
      case Stage.AwaitingFundingCreated(var opening) -> Optional.of(opening.temporaryId());
      case Stage.Funded funded -> Optional.of(funded.commitments().channelId());
      case Stage.Closed(_, _, var last) -> last.map(c -> c.channelId());
    };
  }

  /** Whether both have signed for it and the chain has not settled it: closing it costs a fee. */
  public boolean isUnfinished() {
    return channel.stage() instanceof Stage.Funded;
  }

  public PeerChannel with(Channel next) {
    return new PeerChannel(keyIndex, next);
  }
}
