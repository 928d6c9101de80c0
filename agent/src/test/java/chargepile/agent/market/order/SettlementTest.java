package chargepile.agent.market.order;

import static chargepile.agent.market.order.Orders.AGENCY;
import static chargepile.agent.market.order.Orders.BUYER;
import static chargepile.agent.market.order.Orders.GRID;
import static chargepile.agent.market.order.Orders.SELLER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.EscrowMove.Release;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.WattHours;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P2-11, P2-12: 10 kWh at 300, with 500 of each side for a default. */
class SettlementTest {
  private static final OrderTerms TERMS = Orders.order();

  /** A pile that withholds the records of its meter would be paid for it, if the seller paid. */
  @Test
  void withoutEvidenceWhoeverHasTheMeterBearsIt() {
    OrderEvent late = new OrderEvent.DeadlinePassed(OrderDeadline.EVIDENCE);
    OrderTerms charging = Orders.through(TERMS, Direction.IMPORT);
    assertEquals(charging.seller(), charging.meteredBy());
    OrderStep sellers = Order.on(new OrderState.Executing(charging), late);
    assertInstanceOf(OrderState.Defaulted.class, sellers.next());
    assertEquals(List.of(new Release(BUYER, new Amount(4000))), sellers.moves());

    OrderTerms feeding = Orders.through(TERMS, Direction.EXPORT);
    assertEquals(feeding.buyer(), feeding.meteredBy());
    OrderStep buyers = Order.on(new OrderState.Executing(feeding), late);
    assertInstanceOf(OrderState.Settled.class, buyers.next());
    assertEquals(
        List.of(
            new Release(BUYER, new Amount(500)),
            new Release(SELLER, new Amount(500 + 2895)),
            new Release(GRID, new Amount(90)),
            new Release(AGENCY, new Amount(15))),
        buyers.moves());
  }

  /** The rate, the default amount, or so little energy that its damages round down to nothing. */
  @ParameterizedTest
  @CsvSource({"500, 0, 1000, 0", "0, 100, 1000, 0", "500, 100, 0, 9991"})
  void aDefaultIsOneAlsoWhereItCostsNothing(long amount, long rate, int tolerance, long taken) {
    DefaultRule rule = new DefaultRule(new Amount(amount), new Amount(rate), tolerance);
    OrderTerms terms = Orders.with(TERMS, TERMS.price(), rule, Fees.NONE);
    Metering metering = new Metering(new WattHours(taken), new WattHours(taken), Amount.ZERO);
    Settlement settlement = Settlement.of(terms, metering);
    assertEquals(Amount.ZERO, settlement.sellerDamages());
    assertTrue(settlement.isDefault());
    assertInstanceOf(
        OrderState.Defaulted.class,
        Order.on(new OrderState.Executing(terms), new OrderEvent.Metered(metering)).next());
  }

  @ParameterizedTest
  @CsvSource({"9000, false", "8999, true", "11000, false", "11001, true"})
  void whatIsBeyondTheToleranceIsADefaultToTheWattHour(long taken, boolean isDefault) {
    assertEquals(isDefault, settled(taken, 0).isDefault());
  }

  /** Taking more is never cheaper than ordering it, while there is money to take it from. */
  @ParameterizedTest
  @CsvSource({
    // taken, paid by a channel | due, damages, back to the buyer
    "11000,    0,  3300,   0,  200",
    "11500,    0,  3450,  50,    0",
    "13000,    0,  3500,   0,    0",
    "100000,   0,  3500,   0,    0",
    "13000, 3900,  3900, 200, 3300",
    "11000, 3000,  3300,   0, 3200",
  })
  void whatIsTakenOnTopIsBilledAndDamagesComeOnTopOfThat(
      long taken, long paid, long due, long damages, long back) {
    Settlement settlement = settled(taken, paid);
    assertEquals(new Amount(due), settlement.split().total());
    assertEquals(new Amount(damages), settlement.buyerDamages());
    assertEquals(new Amount(back), settlement.toBuyer());
  }

  /** The fees of ten times the order, all paid in a channel, are more than is in escrow. */
  @Test
  void feesAreTakenAsFarAsTheSellersEscrowReaches() {
    Settlement settlement = settled(1_000_000, 300_000);
    assertEquals(new Amount(300_000), settlement.split().total());
    assertEquals(new Amount(500), settlement.toGrid());
    assertEquals(Amount.ZERO, settlement.toAgency());
    assertEquals(new Amount(500), settlement.toSeller()); // the buyer's damages
    assertEquals(new Amount(3000), settlement.toBuyer());
  }

  @Test
  void whatCannotBeCountedIsBilledAsFarAsTheEscrowReaches() {
    WattHours huge = new WattHours(Long.MAX_VALUE);
    Settlement settlement = Settlement.of(TERMS, new Metering(huge, huge, Amount.ZERO));
    assertEquals(TERMS.escrow().buyer(), settlement.split().total());
    OrderTerms free =
        Orders.with(TERMS, new TradePrice(0), TERMS.onDefault(), TERMS.charges().fees());
    Settlement nothing = Settlement.of(free, new Metering(huge, huge, new Amount(Long.MAX_VALUE)));
    assertEquals(Amount.ZERO, nothing.split().total());
    assertFalse(nothing.toBuyer().compareTo(free.escrow().total()) > 0);
  }

  @Test
  void whatIsDeliveredInFullIsPaidAndShared() {
    OrderStep step = Order.on(executing(), metered(10_000, 10_000, 0));
    assertInstanceOf(OrderState.Settled.class, step.next());
    assertEquals(
        List.of(
            new Release(BUYER, new Amount(500)),
            new Release(SELLER, new Amount(500 + 2895)),
            new Release(GRID, new Amount(90)),
            new Release(AGENCY, new Amount(15))),
        step.moves());
  }

  @Test
  void whatTheChannelPaidIsNotPaidAgain() {
    OrderStep step = Order.on(executing(), metered(10_000, 10_000, 3000));
    assertEquals(
        List.of(
            new Release(BUYER, new Amount(3500)),
            new Release(SELLER, new Amount(500 - 105)),
            new Release(GRID, new Amount(90)),
            new Release(AGENCY, new Amount(15))),
        step.moves());
  }

  @Test
  void withinTheToleranceNobodyOwesDamages() {
    // a tenth of 10 kWh
    assertInstanceOf(
        OrderState.Settled.class, Order.on(executing(), metered(9_000, 9_000, 0)).next());
    assertInstanceOf(
        OrderState.Settled.class, Order.on(executing(), metered(11_000, 11_000, 0)).next());
    assertInstanceOf(
        OrderState.Defaulted.class, Order.on(executing(), metered(8_990, 8_990, 0)).next());
  }

  @Test
  void aSellerThatIsShortPaysForWhatIsBeyondTheTolerance() {
    Settlement settlement = settlement(Order.on(executing(), metered(5_000, 5_000, 0)));
    assertEquals(new Amount(400), settlement.sellerDamages());
    assertEquals(Amount.ZERO, settlement.buyerDamages());
    assertEquals(new Amount(3500 - 1500 + 400), settlement.toBuyer());
  }

  @Test
  void aBuyerThatTakesLessOrMorePaysForWhatIsBeyondTheTolerance() {
    Settlement less = settlement(Order.on(executing(), metered(10_000, 6_000, 0)));
    assertEquals(new Amount(300), less.buyerDamages());
    assertEquals(Amount.ZERO, less.sellerDamages());
    Settlement more = settlement(Order.on(executing(), metered(13_000, 13_000, 3900)));
    assertEquals(new Amount(200), more.buyerDamages());
    assertEquals(new Amount(3900), more.split().total());
  }

  @Test
  void damagesAreCappedByTheEscrow() {
    Settlement settlement = settlement(Order.on(executing(), metered(0, 0, 0)));
    assertEquals(new Amount(500), settlement.sellerDamages());
    assertEquals(Amount.ZERO, settlement.toSeller());
    assertEquals(new Amount(4000), settlement.toBuyer());
  }

  @Property(tries = 1000)
  void everySettlementAddsUp(@ForAll("terms") OrderTerms terms, @ForAll("meterings") Metering at) {
    Settlement settlement = Settlement.of(terms, at);
    assertEquals(
        terms.escrow().total(),
        settlement
            .toBuyer()
            .plus(settlement.toSeller())
            .plus(settlement.toGrid())
            .plus(settlement.toAgency()));
    assertTrue(settlement.sellerDamages().compareTo(terms.onDefault().amount()) <= 0);
    assertTrue(settlement.buyerDamages().compareTo(terms.onDefault().amount()) <= 0);
    assertTrue(settlement.split().total().compareTo(terms.escrow().buyer().plus(at.paid())) <= 0);
    // Nothing that was taken is given away while there is money left to pay it.
    Amount cost = terms.price().amount(at.taken());
    assertTrue(
        settlement.split().total().equals(cost)
            || settlement.toBuyer().equals(settlement.sellerDamages()));
  }

  @Provide
  Arbitrary<OrderTerms> terms() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 700),
            Arbitraries.longs().between(0, 4000),
            Arbitraries.longs().between(0, 1000),
            Arbitraries.integers().between(0, 10_000),
            Arbitraries.integers().between(0, 5000),
            Arbitraries.integers().between(0, 5000))
        .as(
            (price, extra, rate, tolerance, grid, agency) -> {
              Fees fees = new Fees(grid, agency);
              TradePrice at = new TradePrice(price);
              // the least default amount that OrderTerms allows, and some more
              long least = RevenueSplit.of(at.amount(TERMS.energy()), fees).fees().value();
              return Orders.with(
                  TERMS,
                  at,
                  new DefaultRule(new Amount(least + extra), new Amount(rate), tolerance),
                  fees);
            });
  }

  @Provide
  Arbitrary<Metering> meterings() {
    return OrderTest.meterings();
  }

  private static OrderState executing() {
    return new OrderState.Executing(TERMS);
  }

  private static OrderEvent metered(long available, long taken, long paid) {
    return OrderTest.metered(available, taken, paid);
  }

  private static Settlement settlement(OrderStep step) {
    return assertInstanceOf(OrderState.Defaulted.class, step.next()).settlement();
  }

  private static Settlement settled(long taken, long paid) {
    WattHours energy = new WattHours(taken);
    return Settlement.of(TERMS, new Metering(energy, energy, new Amount(paid)));
  }
}
