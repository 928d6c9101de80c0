package chargepile.agent.market.order.eip712;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.Orders;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What is signed of an order; that the contract computes the same is shown on a chain.
 *
 * @see chargepile.agent.evm.market.MarketContractsTest
 */
class ContractTermsTest {
  private static final Signer SIGNER = new BouncyCastleSigner();
  private static final PrivateKey KEY = new PrivateKey(Keccak256.hash("seller"));
  private static final EvmAddress SELLER = EvmSignature.address(KEY.publicKey());
  private static final EvmAddress BUYER = address(2);
  private static final EvmAddress METER = address(3);

  private static EvmAddress address(int last) {
    return EvmAddress.of("0x%040x".formatted(last));
  }

  private static OrderTerms order(OrderTerms like, Trader seller, Charges charges) {
    return new OrderTerms(
        like.id(),
        like.listing(),
        seller,
        ChainNames.trader(BUYER),
        like.price(),
        like.energy(),
        like.window(),
        like.point(),
        like.type(),
        like.quantity(),
        like.tableVersion(),
        like.onDefault(),
        charges);
  }

  private static OrderTerms order() {
    return order(
        Orders.order(),
        ChainNames.trader(SELLER),
        new Charges(
            new RevenueSplit.Fees(300, 50),
            ChainNames.trader(address(4)),
            ChainNames.trader(address(5))));
  }

  private static ContractTerms terms(OrderTerms order) {
    return new ContractTerms(order, Optional.empty(), METER);
  }

  @Test
  void everyMemberMakesAnotherOrder() {
    OrderTerms o = order();
    List<ContractTerms> all =
        List.of(
            terms(o),
            terms(with(o, new OrderId(2), o.listing(), o.price(), o.energy(), o.point())),
            terms(
                with(
                    o,
                    o.id(),
                    Optional.of(new ListingVersion(new ListingId(1), 1)),
                    o.price(),
                    o.energy(),
                    o.point())),
            terms(
                with(
                    o,
                    o.id(),
                    Optional.of(new ListingVersion(new ListingId(1), 2)),
                    o.price(),
                    o.energy(),
                    o.point())),
            terms(with(o, o.id(), o.listing(), new TradePrice(599), o.energy(), o.point())),
            terms(with(o, o.id(), o.listing(), o.price(), new WattHours(9999), o.point())),
            terms(
                with(
                    o,
                    o.id(),
                    o.listing(),
                    o.price(),
                    o.energy(),
                    new DeliveryPoint(
                        new FeederId("feeder-2"), o.point().pile(), Direction.IMPORT))),
            terms(
                with(
                    o,
                    o.id(),
                    o.listing(),
                    o.price(),
                    o.energy(),
                    new DeliveryPoint(o.point().feeder(), new PileId("other"), Direction.IMPORT))),
            terms(
                with(
                    o,
                    o.id(),
                    o.listing(),
                    o.price(),
                    o.energy(),
                    new DeliveryPoint(o.point().feeder(), o.point().pile(), Direction.EXPORT))),
            new ContractTerms(
                o, Optional.of(new MatchedQuotes(new QuoteId(1), new QuoteId(2))), METER),
            new ContractTerms(
                o, Optional.of(new MatchedQuotes(new QuoteId(2), new QuoteId(1))), METER),
            new ContractTerms(o, Optional.empty(), address(6)));
    Set<OrderKey> keys = new HashSet<>();
    all.forEach(terms -> assertTrue(keys.add(terms.key()), terms::toString));
  }

  private static OrderTerms with(
      OrderTerms like,
      OrderId id,
      Optional<ListingVersion> listing,
      TradePrice price,
      WattHours energy,
      DeliveryPoint point) {
    return new OrderTerms(
        id,
        listing,
        like.seller(),
        like.buyer(),
        price,
        energy,
        like.window(),
        point,
        EnergyType.ELECTRICITY,
        like.quantity(),
        like.tableVersion(),
        new DefaultRule(new Amount(500), new Amount(100), 1000),
        like.charges());
  }

  @Test
  void aSignatureIsOfOneMessageForOneBookOnOneChain() {
    OrderDomain domain = new OrderDomain(31_337, address(9));
    ContractTerms terms = terms(order());
    EvmSignature signature = domain.sign(SIGNER, terms, KEY);
    assertTrue(domain.isSigned(SIGNER, terms, signature, SELLER));
    assertFalse(domain.isSigned(SIGNER, terms, signature, BUYER));
    assertFalse(new OrderDomain(1, address(9)).isSigned(SIGNER, terms, signature, SELLER));
    assertFalse(new OrderDomain(31_337, address(8)).isSigned(SIGNER, terms, signature, SELLER));
    OrderKey key = terms.key();
    List<OrderMessage> others =
        List.of(
            new PaidReceipt(key, Amount.ZERO),
            new MeterRecord(key, WattHours.ZERO, WattHours.ZERO, Instant.EPOCH),
            new MeteringAgreed(key, new Metering(WattHours.ZERO, WattHours.ZERO, Amount.ZERO)));
    for (OrderMessage other : others) {
      assertFalse(domain.isSigned(SIGNER, other, signature, SELLER), other::toString);
      assertNotEquals(terms.structHash(), other.structHash());
    }
  }

  @Test
  void whatNoContractTakesIsRefusedHere() {
    assertThrows(IllegalArgumentException.class, () -> terms(Orders.order()), "no accounts");
    for (EvmAddress bad : List.of(SELLER, BUYER, address(0))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new ContractTerms(order(), Optional.empty(), bad),
          "the meter " + bad);
    }
    OrderTerms unnumbered =
        with(
            order(),
            new OrderId(1),
            Optional.of(new ListingVersion(new ListingId(0), 1)),
            order().price(),
            order().energy(),
            order().point());
    assertThrows(IllegalArgumentException.class, () -> terms(unnumbered));
    assertThrows(
        IllegalArgumentException.class, () -> new MatchedQuotes(new QuoteId(0), new QuoteId(1)));
    assertThrows(IllegalArgumentException.class, () -> OrderKey.of("0x12"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new MeterRecord(terms(order()).key(), WattHours.ZERO, new WattHours(1), Instant.EPOCH));
  }

  @Test
  void aKeyIsReadAsItIsWritten() {
    OrderKey key = terms(order()).key();
    assertEquals(key, OrderKey.of(key.toString()));
    assertEquals(key, OrderKey.of(key.value().toHex()));
  }
}
