package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.identity.Role;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.ConversionTable;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.review.LineLimit;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the market's contracts say and tell is what was put into them. */
class MarketContractsTest {
  private static MarketChain chain;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    chain = MarketChain.open();
  }

  @AfterAll
  static void close() {
    if (chain != null) {
      chain.close();
    }
  }

  @Test
  void theRegistryKnowsAPileWithItsMeterAndBond() {
    RegisteredParty pile = chain.registry.party(chain.seller.id(), BlockRef.LATEST).orElseThrow();
    assertEquals(Role.PILE, pile.role());
    assertEquals(chain.seller.account(), pile.account());
    assertEquals(MarketChain.RATED_W, pile.ratedPowerWatts());
    assertEquals(chain.registry.bondFor(MarketChain.RATED_W), pile.bond());
    assertEquals(Optional.empty(), pile.unlockAt());
    assertTrue(chain.registry.isActive(chain.seller.id(), BlockRef.LATEST));
    assertEquals(
        Optional.of(chain.seller.id()),
        chain.registry.idOf(chain.seller.account(), BlockRef.LATEST));
    assertEquals(
        Optional.of(chain.seller.meter().publicKey()),
        chain.registry.meter(chain.seller.id(), chain.head(), chain.since));
    assertEquals(
        Optional.empty(), chain.registry.meter(chain.buyer.id(), chain.head(), chain.since));
    assertEquals(Optional.empty(), chain.registry.party(chain.stranger.id(), BlockRef.LATEST));
    assertEquals(chain.token.address(), chain.registry.token());
    assertEquals(chain.centre.account(), chain.registry.kgc());
  }

  @Test
  void theOrderBookNamesTheOthersAndItsTimes() {
    assertEquals(chain.registry.address(), chain.orders.registry());
    assertEquals(chain.offers.address(), chain.orders.offers());
    assertEquals(chain.quotes.address(), chain.orders.quotes());
    assertEquals(chain.board.address(), chain.orders.board());
    assertEquals(chain.token.address(), chain.orders.token());
    assertEquals(MarketChain.TIMING, chain.orders.timing());
    assertEquals(MarketChain.RULES, chain.quotes.rules());
  }

  @Test
  void theKeyOfAnOrderIsTheContracts() {
    ContractTerms plain = MarketOrders.of(chain, chain.seller, chain.buyer).id(7);
    assertEquals(chain.orders.keyOf(plain), plain.key());
    ContractTerms full =
        MarketOrders.of(chain, chain.buyer, chain.otherSeller)
            .exported()
            .listing(new ListingVersion(new ListingId(9), 3))
            .price(601)
            .fees(new RevenueSplit.Fees(1, 2))
            .id(Long.MAX_VALUE);
    assertEquals(chain.orders.keyOf(full), full.key());
  }

  @Test
  void anOrderIsRequestedWithAPermitAndReadBackFromItsLog() {
    ContractTerms terms =
        MarketOrders.of(chain, chain.otherSeller, chain.otherBuyer).energy(2000).id(1);
    var unused =
        chain.done(
            chain.otherBuyer, chain.token.approve("none", chain.orders.address(), Amount.ZERO));
    TokenContract.Permit permit =
        chain.token.permit(
            chain.otherBuyer.key(),
            chain.orders.address(),
            terms.order().escrow().buyer(),
            Long.MAX_VALUE);
    unused = chain.done(chain.otherBuyer, chain.orders.request(terms, Optional.of(permit)));
    assertEquals(
        terms.order().escrow().buyer(),
        chain.orders.order(terms.key(), BlockRef.LATEST).escrow().buyer());
    assertEquals(Optional.of(terms), chain.orders.terms(terms.key(), chain.since));
    assertTrue(
        chain.orders.history(chain.since, chain.head().number()).stream()
            .anyMatch(
                log ->
                    log instanceof OrderLog.Requested asked
                        && asked.terms().equals(Optional.of(terms))));
  }

  @Test
  void aListingIsReadAsItStandsAtABlock() {
    Instant start = chain.now().plus(Duration.ofHours(3));
    Offer offer =
        new Offer(
            new TradePrice(601),
            new WattHours(5000),
            new DeliveryWindow(start, start.plus(Duration.ofHours(2))),
            new ByteVector32("ab".repeat(32)));
    var published =
        chain.done(
            chain.seller,
            chain.offers.publish("1", chain.orders.address(), EnergyType.ELECTRICITY, offer));
    OfferLog.Published said =
        (OfferLog.Published) chain.offers.decode(published.logs().getFirst()).orElseThrow();
    assertEquals(offer, said.offer());
    assertEquals(Optional.of(EnergyType.ELECTRICITY), said.type());
    BlockRef then = BlockRef.hash(chain.head().hash());
    Offer other =
        new Offer(new TradePrice(602), new WattHours(100), offer.window(), offer.metadata());
    var unused =
        chain.done(chain.seller, chain.offers.amend(new ListingVersion(said.listing(), 1), other));
    OfferedListing now = chain.offers.listing(said.listing(), BlockRef.LATEST).orElseThrow();
    assertEquals(new ListingVersion(said.listing(), 2), now.version());
    assertEquals(new WattHours(100), now.open());
    OfferedListing before = chain.offers.listing(said.listing(), then).orElseThrow();
    assertEquals(new TradePrice(601), before.price());
    assertTrue(chain.offers.listings(chain.head(), chain.since).contains(now));
    assertEquals(Optional.empty(), chain.offers.listing(new ListingId(99), BlockRef.LATEST));
  }

  @Test
  void whatIsPublishedComesIntoForceAfterTheNotice() {
    assertEquals(MarketChain.LIMITS, chain.board.limits(BlockRef.LATEST));
    assertEquals(
        Optional.of(MarketChain.FEEDER),
        chain.board.feederOf(ChainNames.pile(chain.seller.id()), chain.head()));
    assertEquals(MarketChain.RATED_W, chain.board.feederLimit(MarketChain.FEEDER, BlockRef.LATEST));
    AgencyLimits other =
        new AgencyLimits(
            Duration.ofHours(2),
            Duration.ofHours(20),
            new Amount(1),
            new Amount(500),
            new RevenueSplit.Fees(10, 20),
            1000,
            new Amount(20),
            new WattHours(200),
            Duration.ofMinutes(30));
    LineLimit line =
        new LineLimit(
            "line-1", Map.of(new FeederId("feeder-2"), -500_000L, MarketChain.FEEDER, 1L), 90);
    String before = chain.anvil.snapshot();
    var unused = chain.done(chain.agency, chain.board.publishLimits("x", other, List.of(line)));
    Publications announced = chain.board.publications(chain.head(), chain.since);
    assertEquals(MarketChain.LIMITS, announced.inForce().limits());
    LimitsNotice next = announced.next().orElseThrow();
    assertEquals(other, next.limits());
    assertEquals(List.of(line), next.lines());
    assertEquals(List.of(line), announced.linesToCome(next.from().plusSeconds(1)));
    assertEquals(List.of(), announced.linesToCome(next.from()));
    chain.at(next.from());
    assertEquals(other, chain.board.limits(BlockRef.LATEST));
    assertEquals(
        new Publications(next, Optional.empty()),
        chain.board.publications(chain.head(), chain.since));
    unused =
        chain.done(
            chain.agency,
            chain.board.publishTable(
                "t", Map.of(new EnergyType("hydrogen"), new ConversionTable.Factor("g", 333, 10))));
    assertEquals(
        Optional.of(new WattHours(333)),
        chain
            .board
            .tables(chain.head(), chain.since)
            .version(2)
            .orElseThrow()
            .convert(new EnergyType("hydrogen"), 10));
    chain.anvil.revert(before);
  }

  @Test
  void aMeterIsKnownByItsAccount() {
    ContractTerms terms = MarketOrders.of(chain, chain.seller, chain.buyer).id(3);
    assertEquals(EvmSignature.address(chain.seller.meter().publicKey()), terms.meter());
  }
}
