package chargepile.agent.runtime;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.SigningMarks;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/** Channels as the store keeps them. */
final class ChannelRows {
  private ChannelRows() {}

  /**
   * The row of a channel; empty before both have signed its first commitments. Until then nobody
   * has money in it, and a restart gives it up as a lost link does.
   */
  static Optional<ChannelRow> row(PublicKey peer, PaymentLeg leg) {
    return switch (leg) {
      case PenaltyLeg(Channel channel) -> row(peer, channel);
    };
  }

  private static Optional<ChannelRow> row(PublicKey peer, Channel channel) {
    return commitments(channel.stage())
        .map(
            now -> {
              var spec = now.local().allocation().spec();
              return new ChannelRow(
                  now.channelId(),
                  peer.value,
                  channel.stage().title(),
                  now.local().number(),
                  spec.toLocal().value(),
                  spec.toRemote().value(),
                  now.setup().capacity().value(),
                  ChannelCodec.encode(channel),
                  marks(now.signing()));
            })
        .or(() -> channel.kept().map(kept -> recovering(peer, channel, kept)));
  }

  /** Nothing was signed, and no balance is known. */
  private static ChannelRow recovering(PublicKey peer, Channel channel, StaticChannel kept) {
    return new ChannelRow(
        kept.id(),
        peer.value,
        channel.stage().title(),
        0,
        0,
        0,
        kept.setup().capacity().value(),
        ChannelCodec.encode(channel),
        SigningMarks.NONE);
  }

  static PeerChannel channel(ChannelRow row) {
    Channel channel = ChannelCodec.decode(row.state());
    StaticChannel kept =
        channel
            .kept()
            .filter(known -> known.id().equals(row.id()))
            .orElseThrow(() -> new MalformedStateException("it is the state of another channel"));
    long keyIndex = kept.setup().keyIndex();
    return new PeerChannel(keyIndex, channel);
  }

  private static Optional<Commitments> commitments(Stage stage) {
    return switch (stage) {
      case Stage.Funded funded -> Optional.of(funded.commitments());
      case Stage.Closed closed -> closed.last();
      default -> Optional.empty();
    };
  }

  private static SigningMarks marks(SigningRecord record) {
    return new SigningMarks(
        record.remoteSigned(),
        record.remoteDigest().map(digest -> digest.toByteArray()).orElse(new byte[0]),
        record.localStored(),
        record.revealed());
  }
}
