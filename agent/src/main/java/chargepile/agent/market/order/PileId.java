package chargepile.agent.market.order;

/** The registry's name of a charging pile. */
public record PileId(String value) {
  public PileId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a pile has a name");
    }
  }
}
