package chargepile.agent.runtime;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.energy.Tariff;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.MemoryOutbox;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.OrderStanding;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.market.Side;
import chargepile.agent.market.desk.DefaultPolicy;
import chargepile.agent.market.desk.Delivered;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.PileDesk;
import chargepile.agent.market.desk.PilePoint;
import chargepile.agent.market.desk.PilePolicy;
import chargepile.agent.market.desk.PricePolicy;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.Listing;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import chargepile.hal.sim.SimulatedClock;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The desk of a pile on the real contracts, behind a node that can be made to lie, with a buyer and
 * an agency that see the chain as it is.
 */
final class TradingPile implements AutoCloseable {
  static final Amount PRICE = new Amount(395);
  static final WattHours ENERGY = new WattHours(5000);

  /** As often as a chain has blocks. */
  static final Duration BLOCK = Duration.ofSeconds(12);

  private static final DefaultPolicy ON_DEFAULT = new DefaultPolicy(new Amount(60), 500);
  private static final int PATIENCE = 60;

  final MarketChain chain;
  final LyingNode liar;
  Delivered delivered = Delivered.NOTHING;
  boolean charging;

  /** What sessions were told to keep to last. */
  List<Agreement> agreed = List.of();

  /** What the own clock says; empty: the true time of the chain. */
  Optional<Instant> clock = Optional.empty();

  private final EvmRpc seen;
  private final ReviewingAgency agency;
  private final SimulatedClock time = new SimulatedClock(MarketChain.NOON);
  private final AtomicReference<byte @Nullable []> disk = new AtomicReference<>();
  private final AtomicReference<@Nullable MarketReport> report = new AtomicReference<>();
  private MemoryOutbox outbox = new MemoryOutbox();
  private TransactionSender sender;
  private MarketErrands errands;
  private @Nullable ContractTerms deal;

  TradingPile() throws IOException, InterruptedException {
    chain = MarketChain.open();
    liar = new LyingNode(chain.anvil);
    seen = liar.rpc();
    agency =
        new ReviewingAgency(chain, Map.of(chain.seller.pile(), chain.seller.meter().publicKey()));
    sender = sender();
    errands = errands();
    errands.begin();
  }

  private TransactionSender sender() {
    return new TransactionSender(
        seen,
        chain.seller.key(),
        outbox,
        FeePolicy.USUAL,
        Finality.depth(2),
        MarketChain.reverts());
  }

  private MarketErrands errands() {
    EvmMarketLedger ledger =
        EvmMarketLedger.of(
            MarketContracts.of(seen, chain.orders.address(), chain.since),
            chain.seller.secret(),
            TwoNodes.SIGNER,
            sender,
            () -> Wei.ZERO,
            Optional.of(chain.seller.meter()),
            Map.of(),
            false,
            _ -> () -> {});
    return new MarketErrands(
        new Market(
            ledger,
            desk(),
            new Disk(),
            Runnable::run,
            report::set,
            Optional.of(() -> clock.orElseGet(chain::now))),
        Runnable::run,
        new TwoNodes.VirtualTime(time),
        new Node());
  }

  private Desk desk() {
    return new PileDesk(
        new PilePolicy(
            new PilePoint(
                chain.seller.pile(),
                MarketChain.FEEDER,
                EvmSignature.address(chain.seller.meter().publicKey()),
                MarketChain.RATED_W),
            new PricePolicy(Side.ASK, PRICE, new Amount(330), new Amount(30)),
            WattHours.ZERO,
            Optional.of(new PilePolicy.Shop(PRICE, ENERGY, Duration.ofHours(24))),
            ON_DEFAULT,
            false,
            new Amount(1)));
  }

  private final class Disk implements MarketMemory {
    @Override
    public Optional<byte[]> load() {
      return Optional.ofNullable(disk.get());
    }

    @Override
    public void save(byte[] remembered) {
      disk.set(remembered);
    }
  }

  private final class Node implements MarketErrands.Node {
    @Override
    public OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony) {
      Map<OrderKey, Delivered> known = deal == null ? Map.of() : Map.of(deal.key(), delivered);
      return new OwnSide(true, false, unbroken, known, testimony);
    }

    @Override
    public boolean goesOn(Tariff terms) {
      return charging;
    }

    @Override
    public void agreed(List<Agreement> agreements) {
      agreed = agreements;
    }

    @Override
    public void looked(MarketReport report) {}

    @Override
    public EvmAddress counterparty(Sale sale) {
      return ChainNames.account(sale.buyer());
    }
  }

  /** The pile looks for the time of a block, which need not come. */
  void look() {
    try {
      var unused = sender.advance();
    } catch (RuntimeException e) {
      // as the watch of a node does, it tries again
    }
    long end = time.nanos() + BLOCK.toNanos();
    time.schedule(BLOCK, () -> {});
    while (time.nanos() < end && time.step()) {}
  }

  /** The pile is stopped and started again. */
  void restart(boolean withItsNotes) {
    errands.close();
    outbox = outbox.reopened();
    if (!withItsNotes) {
      disk.set(null);
    }
    sender = sender();
    errands = errands();
    errands.begin();
  }

  /** Everybody does what is to be done, and a block comes. */
  void step() {
    look();
    OrderStatus status = standing().status();
    if (status == OrderStatus.NONE && deal != null) {
      deal = null; // the listing may be another by now
      request();
    } else if (status == OrderStatus.CONFIRMED && !standing().buyerSigned()) {
      var unused = chain.done(chain.buyer, chain.orders.sign(deal()));
    }
    var unused = agency.look();
    chain.pass(BLOCK);
  }

  void until(OrderStatus status) {
    for (int i = 0; i < PATIENCE && standing().status() != status; i++) {
      step();
    }
    if (standing().status() != status) {
      throw new AssertionError("the order does not become %s: %s".formatted(status, standing()));
    }
  }

  /** The pile sells, and a while has passed since everything was set up. */
  void open() {
    for (int i = 0; i < PATIENCE && listing().isEmpty(); i++) {
      step();
    }
    mine(70);
    look();
  }

  /** Blocks come in which nothing happens. */
  void mine(int blocks) {
    chain.anvil.mine(blocks, Math.toIntExact(BLOCK.toSeconds()));
  }

  private Optional<Listing> listing() {
    return view().flatMap(view -> view.listings().stream().findFirst());
  }

  Optional<MarketView> view() {
    return Optional.ofNullable(report.get()).map(MarketReport::view);
  }

  /** All that the pile offers, for an hour in two hours. */
  void request() {
    if (deal == null) {
      Listing listing = listing().orElseThrow();
      Instant start = chain.now().plus(Duration.ofHours(2));
      OrderTerms terms =
          new OrderTerms(
              new OrderId(1),
              Optional.of(new ListingVersion(listing.id(), listing.version())),
              ChainNames.trader(chain.seller.account()),
              ChainNames.trader(chain.buyer.account()),
              listing.price(),
              ENERGY,
              new DeliveryWindow(start, start.plus(Duration.ofHours(1))),
              new DeliveryPoint(
                  MarketChain.FEEDER, ChainNames.pile(chain.seller.id()), Direction.IMPORT),
              EnergyType.ELECTRICITY,
              ENERGY.value(),
              1,
              ON_DEFAULT.rule(listing.price(), ENERGY, view().orElseThrow().rules()),
              view().orElseThrow().rules().charges());
      deal =
          new ContractTerms(
              terms, Optional.empty(), EvmSignature.address(chain.seller.meter().publicKey()));
    }
    var unused = chain.done(chain.buyer, chain.orders.request(deal(), Optional.empty()));
  }

  ContractTerms deal() {
    return Objects.requireNonNull(deal);
  }

  Instant start() {
    return deal().order().window().start();
  }

  Instant end() {
    return deal().order().window().end();
  }

  OrderStanding standing() {
    OrderKey key = deal == null ? new OrderKey(ByteVector32.Zeroes) : deal.key();
    return chain.orders.order(key, BlockRef.LATEST);
  }

  /** What the pile has sent of one kind of action about orders. */
  List<OutboxEntry> sent(String detail) {
    return outbox.entries().stream()
        .filter(entry -> entry.intent().key().contains('#' + detail + '#'))
        .toList();
  }

  Outages remembered() {
    byte[] bytes = disk.get();
    return bytes == null ? Outages.NONE : DeskMemory.decode(bytes).outages();
  }

  @Override
  public void close() {
    errands.close();
    seen.close();
    liar.close();
    chain.close();
  }
}
