package chargepile.agent.market.review;

import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@link ReviewBoard} must not forget, as a value to be stored and read back: a restart, or
 * other limits, lose no promise.
 *
 * @param approved orders whose power is promised
 * @param reviewed every order that was reviewed: none is twice; those approved are among them
 * @param forgotten the promises before it are not in here, and none is made before it
 */
public record ReviewState(List<OrderTerms> approved, Set<OrderId> reviewed, Instant forgotten) {
  public static final ReviewState NONE = new ReviewState(List.of(), Set.of(), Instant.MIN);

  /**
   * @throws IllegalArgumentException when an order stands twice, or was approved without a review
   */
  public ReviewState {
    approved = List.copyOf(approved);
    reviewed = Set.copyOf(reviewed);
    Set<OrderId> seen = new HashSet<>();
    for (OrderTerms order : approved) {
      if (!seen.add(order.id())) {
        throw new IllegalArgumentException(
            "order %d is approved twice".formatted(order.id().value()));
      }
      if (!reviewed.contains(order.id())) {
        throw new IllegalArgumentException(
            "order %d is approved, but was not reviewed".formatted(order.id().value()));
      }
    }
  }
}
