package chargepile.agent.cli.node;

import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.cli.Figures;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What a node finds in its store when it starts, in words that both sides use. */
public final class Found {
  private Found() {}

  /** The last run did not close its store. */
  public static String cutOff(Path store) {
    return store
        + ": the last run was cut off (killed, without power, or by its disk); going on from its"
        + " last commit";
  }

  /** A channel with money in it; empty for others. */
  public static Optional<String> channel(Stage stage) {
    if (!(stage instanceof Stage.Funded funded)) {
      return Optional.empty();
    }
    Commitments commitments = funded.commitments();
    var spec = commitments.local().allocation().spec();
    return Optional.of(
        "found channel %s, %s: commitment %d, %s here and %s there"
            .formatted(
                commitments.channelId(),
                funded.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                commitments.local().number(),
                Figures.sat(spec.toLocal()),
                Figures.sat(spec.toRemote())));
  }
}
