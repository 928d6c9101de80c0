package chargepile.agent.market.order;

import java.util.List;
import java.util.Optional;

/**
 * What an event does to an order.
 *
 * @param moves of money, to be carried out with the change of state or not at all
 * @param listing what it does to the listing that the order is from, likewise
 * @param refusal why it does nothing; then the state is as before
 */
public record OrderStep(
    OrderState next,
    List<EscrowMove> moves,
    Optional<ListingMove> listing,
    Optional<Refusal> refusal) {
  public OrderStep {
    moves = List.copyOf(moves);
  }

  /** Why an event does nothing. */
  public enum Refusal {
    NOT_THE_SELLER("only the seller can say this"),
    NOT_A_PARTY("only buyer and seller can sign"),
    OUT_OF_TURN("the order does not stand where this can happen"),
    OVER("the order is over");

    private final String text;

    Refusal(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
