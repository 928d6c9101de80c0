package chargepile.agent.channel;

import java.util.Optional;

/**
 * A channel's whole state.
 *
 * @param link not kept over a restart: a stored channel starts with {@link Link#DOWN}
 * @param stage where the channel is in its life
 * @param funding what is kept of the funding transaction while the chain may lose it
 */
public record Channel(Link link, Stage stage, FundingWatch funding) {
  /** Before anything was said. */
  public static final Channel NEW = new Channel(Link.DOWN, new Stage.Absent());

  public Channel(Link link, Stage stage) {
    this(link, stage, FundingWatch.NONE);
  }

  /** The commitments, once there is a funding transaction and until all is settled. */
  public Optional<Commitments> commitments() {
    return stage instanceof Stage.Funded funded
        ? Optional.of(funded.commitments())
        : Optional.empty();
  }

  /** What its opening fixed, from the first signed commitments on; also when all is settled. */
  public Optional<StaticChannel> kept() {
    return switch (stage) {
      case Stage.Funded funded -> Optional.of(kept(funded.commitments()));
      case Stage.Recovering recovering -> Optional.of(recovering.kept());
      case Stage.Closed closed -> closed.last().map(Channel::kept).or(closed::recovered);
      case Stage.Absent absent -> Optional.empty();
      case Stage.AwaitingAccept opening -> Optional.empty();
      case Stage.AwaitingFunding opening -> Optional.empty();
      case Stage.AwaitingFundingSigned opening -> Optional.empty();
      case Stage.AwaitingFundingCreated opening -> Optional.empty();
    };
  }

  private static StaticChannel kept(Commitments commitments) {
    return new StaticChannel(commitments.setup(), commitments.funding());
  }

  /** Whether it was in use and a reorganisation took its funding away: money in it is no money. */
  public boolean isSuspended() {
    return stage instanceof Stage.Normal && funding.missingSince().isPresent();
  }

  Channel with(Stage next) {
    return new Channel(link, next, next instanceof Stage.Closed ? FundingWatch.NONE : funding);
  }

  Channel with(Link next) {
    return new Channel(next, stage, funding);
  }

  Channel with(FundingWatch next) {
    return new Channel(link, stage, next);
  }
}
