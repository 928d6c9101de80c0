package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.EvmAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** However many orders strangers ask for, a look at the chain stays bounded. */
class OpenOrdersTest {
  private static final EvmAddress PILE = EvmAddress.of(StillMarket.PILE.value());
  private static final EvmAddress CAR = EvmAddress.of(StillMarket.CAR.value());
  private static final EvmAddress AGENCY = EvmAddress.of("0x%040x".formatted(7));
  private static final int MANY = 500;

  private static MatchedQuotes match(int number) {
    return new MatchedQuotes(new QuoteId(number), new QuoteId(10_000 + number));
  }

  private static ContractTerms terms(int number) {
    return new ContractTerms(
        StillMarket.TERMS, Optional.of(match(number)), EvmAddress.of("0x%040x".formatted(9)));
  }

  private static OrderKey key(int number) {
    return terms(number).key();
  }

  private static OrderTape requested(Optional<EvmAddress> party) {
    OrderTape tape = new OrderTape(party);
    for (int i = 1; i <= MANY; i++) {
      tape.hear(new OrderLog.Requested(key(i), PILE, CAR, Optional.of(terms(i))));
    }
    return tape;
  }

  private static List<OrderKey> asked(OpenOrders open, OrderTape tape) {
    return new ArrayList<>(
        open.asked(tape.orders(), Set.of(match(MANY)), Set.of(), StillMarket.NOW));
  }

  @Test
  void aSellerAsksFirstAboutTheRequestsOfItsMatchesAndAboutFewOthers() {
    OrderTape tape = requested(Optional.of(PILE));
    List<OrderKey> asked = asked(new OpenOrders(PILE, Optional.empty()), tape);
    assertEquals(OpenOrders.MOST_OF_OTHERS, asked.size());
    assertEquals(List.of(key(MANY), key(1), key(2)), asked.subList(0, 3));
  }

  @Test
  void whatASellerHasAgreedToOrIsAnsweringIsNeverLeftOut() {
    OrderTape tape = requested(Optional.of(PILE));
    tape.hear(new OrderLog.Confirmed(key(400)));
    tape.hear(new OrderLog.Established(key(401)));
    Set<OrderKey> asked =
        new OpenOrders(PILE, Optional.empty())
            .asked(
                tape.orders(),
                Set.of(),
                Set.of(DeskAction.OfOrder.subjectOf(key(402))),
                StillMarket.NOW);
    assertTrue(asked.containsAll(List.of(key(400), key(401), key(402))), asked::toString);
    assertEquals(OpenOrders.MOST_OF_OTHERS + 3, asked.size());
  }

  @Test
  void aBuyerAsksAboutAllThatItAskedFor() {
    OrderTape tape = requested(Optional.of(CAR));
    assertEquals(MANY, asked(new OpenOrders(CAR, Optional.empty()), tape).size());
  }

  @Test
  void whatIsTooLateIsNotAskedAboutAgain() {
    OrderTape tape = requested(Optional.of(PILE));
    OpenOrders open = new OpenOrders(PILE, Optional.empty());
    List<OrderKey> first = asked(open, tape);
    first.forEach(key -> open.waitsUntil(key, StillMarket.NOW.minusSeconds(1)));
    List<OrderKey> second = asked(open, tape);
    assertEquals(OpenOrders.MOST_OF_OTHERS, second.size());
    assertTrue(second.stream().noneMatch(first::contains));
    second.forEach(key -> open.waitsUntil(key, StillMarket.NOW));
    assertEquals(second, asked(open, tape), "the last second still counts");
  }

  @Test
  void anAgencyAsksAboutWhatItCanReviewTheFirstToBeLateFirst() {
    OrderTape tape = requested(Optional.empty());
    OpenOrders open = new OpenOrders(AGENCY, Optional.of(Set.of(new PileId("pile-1"))));
    assertEquals(List.of(), asked(open, tape), "nobody agreed to anything yet");
    for (int i = MANY; i > 0; i--) {
      tape.hear(new OrderLog.Established(key(i)));
    }
    List<OrderKey> asked = asked(open, tape);
    assertEquals(OpenOrders.MOST_OF_OTHERS, asked.size());
    assertEquals(List.of(key(MANY), key(MANY - 1)), asked.subList(0, 2));
    tape.hear(new OrderLog.Approved(key(MANY)));
    assertEquals(key(MANY - 1), asked(open, tape).getFirst());
    OpenOrders stranger = new OpenOrders(AGENCY, Optional.of(Set.of(new PileId("pile-2"))));
    assertEquals(List.of(), asked(stranger, tape), "the key of its meter is not known");
  }
}
