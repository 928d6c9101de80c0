package chargepile.agent.market.order;

/** The grid's name of a feeder. */
public record FeederId(String value) {
  public FeederId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a feeder has a name");
    }
  }
}
