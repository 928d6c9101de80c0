package chargepile.agent.evm.market;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Orders on a {@link MarketChain}: 10 kWh at 300 a kWh in an hour, unless told otherwise. */
public final class MarketOrders {
  private final MarketChain chain;
  private final MarketChain.Member seller;
  private final MarketChain.Member buyer;
  private long doubledPrice = 600;
  private WattHours energy = new WattHours(10_000);
  private long quantity = 10_000;
  private DeliveryWindow window;
  private Direction direction = Direction.IMPORT;
  private Optional<ListingVersion> listing = Optional.empty();
  private Optional<MatchedQuotes> match = Optional.empty();
  private DefaultRule onDefault = new DefaultRule(new Amount(500), new Amount(100), 1000);
  private Optional<EvmAddress> meter = Optional.empty();
  private RevenueSplit.Fees fees = MarketChain.LIMITS.fees();

  private MarketOrders(MarketChain chain, MarketChain.Member seller, MarketChain.Member buyer) {
    this.chain = chain;
    this.seller = seller;
    this.buyer = buyer;
    this.window = hour(chain, 2);
  }

  public static MarketOrders of(
      MarketChain chain, MarketChain.Member seller, MarketChain.Member buyer) {
    return new MarketOrders(chain, seller, buyer);
  }

  /** The hour that begins so many hours from now. */
  public static DeliveryWindow hour(MarketChain chain, int from) {
    var start = chain.now().plus(Duration.ofHours(from));
    return new DeliveryWindow(start, start.plus(Duration.ofHours(1)));
  }

  public MarketOrders price(long doubled) {
    this.doubledPrice = doubled;
    return this;
  }

  public MarketOrders energy(long wattHours) {
    this.energy = new WattHours(wattHours);
    this.quantity = wattHours;
    return this;
  }

  MarketOrders quantity(long wattHours) {
    this.quantity = wattHours;
    return this;
  }

  public MarketOrders window(DeliveryWindow when) {
    this.window = when;
    return this;
  }

  /** A car feeds the grid through the buyer's pile. */
  MarketOrders exported() {
    this.direction = Direction.EXPORT;
    return this;
  }

  MarketOrders listing(ListingVersion from) {
    this.listing = Optional.of(from);
    return this;
  }

  MarketOrders match(MatchedQuotes quotes) {
    this.match = Optional.of(quotes);
    return this;
  }

  MarketOrders onDefault(DefaultRule rule) {
    this.onDefault = rule;
    return this;
  }

  MarketOrders fees(RevenueSplit.Fees other) {
    this.fees = other;
    return this;
  }

  MarketOrders meter(EvmAddress other) {
    this.meter = Optional.of(other);
    return this;
  }

  public ContractTerms id(long id) {
    MarketChain.Member metering = direction == Direction.IMPORT ? seller : buyer;
    return new ContractTerms(
        new OrderTerms(
            new OrderId(id),
            listing,
            ChainNames.trader(seller.account()),
            ChainNames.trader(buyer.account()),
            new TradePrice(doubledPrice),
            energy,
            window,
            new DeliveryPoint(
                metering == chain.otherSeller ? MarketChain.OTHER_FEEDER : MarketChain.FEEDER,
                ChainNames.pile(metering.id()),
                direction),
            EnergyType.ELECTRICITY,
            quantity,
            1,
            onDefault,
            new Charges(
                fees,
                ChainNames.trader(chain.grid.account()),
                ChainNames.trader(chain.agency.account()))),
        match,
        meter.orElse(EvmSignature.address(metering.meter().publicKey())));
  }

  /** Whose pile an order's energy passes through. */
  static MarketChain.Member metering(MarketChain chain, ContractTerms terms) {
    return terms.order().meteredBy().equals(ChainNames.trader(chain.otherSeller.account()))
        ? chain.otherSeller
        : chain.seller;
  }

  /** The registered meter of that pile. */
  static EvmAddress meterOf(MarketChain chain, ContractTerms terms) {
    return EvmSignature.address(metering(chain, terms).meter().publicKey());
  }

  static EvmSignature signed(MarketChain chain, MarketChain.Member by, OrderMessage message) {
    return chain.orders.domain().sign(new BouncyCastleSigner(), message, by.secret());
  }

  static EvmSignature metered(MarketChain chain, MarketChain.Member pile, OrderMessage message) {
    return chain.orders.domain().sign(new BouncyCastleSigner(), message, pile.meter());
  }

  /** Brings an order as far as the review's yes. */
  static void approve(MarketChain chain, ContractTerms terms) {
    establish(chain, terms);
    var unused =
        chain.done(
            chain.agency,
            chain.board.review(
                chain.orders.address(),
                terms,
                chain.board.publications(chain.head(), chain.since),
                metering(chain, terms).meter().publicKey()));
  }

  public static void establish(MarketChain chain, ContractTerms terms) {
    var unused = chain.done(member(chain, terms.buyer()), request(chain, terms));
    EvmSignature buyers = signed(chain, member(chain, terms.buyer()), terms);
    unused =
        chain.done(
            member(chain, terms.seller()),
            chain.orders.confirm(terms, Optional.of(buyers), Optional.empty()));
  }

  static void record(MarketChain chain, ContractTerms terms) {
    approve(chain, terms);
    var unused = chain.done(chain.stranger, chain.orders.record(terms));
  }

  public static TransactionIntent request(MarketChain chain, ContractTerms terms) {
    return chain.orders.request(terms, Optional.empty());
  }

  static MarketChain.Member member(MarketChain chain, EvmAddress account) {
    return Stream.of(chain.seller, chain.otherSeller, chain.buyer, chain.otherBuyer)
        .filter(each -> each.account().equals(account))
        .findFirst()
        .orElseThrow();
  }
}
