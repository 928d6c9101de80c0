package chargepile.agent.channel;

import java.util.Optional;

/**
 * A channel's whole state.
 *
 * @param link not kept over a restart: a stored channel starts with {@link Link#DOWN}
 * @param stage where the channel is in its life
 */
public record Channel(Link link, Stage stage) {
  /** Before anything was said. */
  public static final Channel NEW = new Channel(Link.DOWN, new Stage.Absent());

  /** The commitments, once there is a funding transaction and until all is settled. */
  public Optional<Commitments> commitments() {
    return stage instanceof Stage.Funded funded
        ? Optional.of(funded.commitments())
        : Optional.empty();
  }

  Channel with(Stage next) {
    return new Channel(link, next);
  }

  Channel with(Link next) {
    return new Channel(next, stage);
  }
}
