package chargepile.agent.cli.inspect;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.store.ChannelRow;
import java.util.Optional;

/**
 * A stored channel.
 *
 * @param stage empty when the state can't be read
 * @param commitments the latest, also of a settled channel
 * @param lost the static part, when nothing else is left of the channel
 * @param problem why the state can't be read
 */
record ChannelReport(
    ChannelRow row,
    Optional<Stage> stage,
    Optional<Commitments> commitments,
    Optional<StaticChannel> lost,
    Optional<String> problem) {

  static ChannelReport of(ChannelRow row) {
    try {
      Channel channel = ChannelCodec.decode(row.state());
      return new ChannelReport(
          row,
          Optional.of(channel.stage()),
          commitments(channel),
          channel.kept().filter(kept -> commitments(channel).isEmpty()),
          Optional.empty());
    } catch (MalformedStateException e) {
      return new ChannelReport(
          row,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /** How the channel ended, if it is settled. */
  Optional<Stage.Closed> closed() {
    return stage.filter(Stage.Closed.class::isInstance).map(Stage.Closed.class::cast);
  }

  private static Optional<Commitments> commitments(Channel channel) {
    return channel.stage() instanceof Stage.Closed closed ? closed.last() : channel.commitments();
  }
}
