package chargepile.agent.evm.market;

import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmLog;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.LogFilter;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The contract of listings: what sellers offer, for all to read (P2-05). Thread-safe. */
public final class OfferBoardContract {
  private static final long ANNOUNCEMENT_GAS = 300_000;
  private static final Set<String> EVENTS =
      Set.of("Published", "Amended", "Withdrawn", "OpenChanged");

  private final DeployedContract contract;

  public OfferBoardContract(EvmNode node, EvmAddress address) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("OfferBoard"));
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  // ------------------------------------------------------------------------------------- reading

  /**
   * How often a seller may publish and amend.
   *
   * @param interval between announcements in the long run
   * @param burst announcements at once
   */
  public record Rate(Duration interval, int burst) {}

  public Rate rate() {
    return new Rate(
        Duration.ofSeconds(Abi.number(contract.ask("interval", BlockRef.LATEST).<Object>get(0))),
        (int) Abi.number(contract.ask("burst", BlockRef.LATEST).<Object>get(0)));
  }

  /** When a seller may publish or amend again; in the past when it may now. */
  public Instant nextAnnouncement(EvmAddress seller, BlockRef at) {
    return Instant.ofEpochSecond(
        Abi.number(contract.ask("nextAnnouncement", at, seller).<Object>get(0)));
  }

  /** Empty: there is no such listing, or what it offers is no name of a kind of energy. */
  public Optional<OfferedListing> listing(ListingId id, BlockRef at) {
    Tuple x = contract.ask("listingOf", at, id.value()).get(0);
    EvmAddress seller = Abi.address(x.get(0));
    if (OrderStructs.isNobody(seller)) {
      return Optional.empty();
    }
    return ReviewStructs.energyType(Abi.hash(x.get(8)))
        .map(
            type ->
                new OfferedListing(
                    new ListingVersion(id, (int) OrderStructs.number(x, 2)),
                    seller,
                    Abi.address(x.get(3)),
                    new TradePrice(OrderStructs.number(x, 7)),
                    OrderStructs.energy(x, 1),
                    new DeliveryWindow(OrderStructs.time(x, 4), OrderStructs.time(x, 5)),
                    type,
                    x.<Boolean>get(6)));
  }

  /**
   * Every listing in the state after a block, withdrawn and sold ones too.
   *
   * @param since the block of the contract's creation
   */
  public List<OfferedListing> listings(EvmBlock at, long since) {
    BlockRef block = BlockRef.hash(at.hash());
    return contract.history(Set.of("Published"), since, at.number()).stream()
        .flatMap(log -> decode(log).stream())
        .flatMap(log -> listing(log.listing(), block).stream())
        .toList();
  }

  /** What was announced, from one block to another. */
  public List<OfferLog> history(long first, long last) {
    return contract.history(EVENTS, first, last).stream()
        .flatMap(log -> decode(log).stream())
        .toList();
  }

  /** What a log says of listings; empty: it is of another contract. */
  public Optional<OfferLog> decode(EvmLog log) {
    return contract.decode(log).flatMap(OfferBoardContract::decode);
  }

  private static Optional<OfferLog> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "Published" ->
              new OfferLog.Published(
                  id(x),
                  Abi.address(x.get(1)),
                  OrderStructs.number(x, 2),
                  Abi.address(x.get(3)),
                  ReviewStructs.energyType(Abi.hash(x.get(4))),
                  offer(x.get(5)));
          case "Amended" ->
              new OfferLog.Amended(
                  new ListingVersion(id(x), (int) OrderStructs.number(x, 2)),
                  OrderStructs.number(x, 1),
                  offer(x.get(3)));
          case "Withdrawn" -> new OfferLog.Withdrawn(id(x), OrderStructs.number(x, 1));
          case "OpenChanged" -> new OfferLog.OpenChanged(id(x), OrderStructs.energy(x, 1));
          default -> null;
        });
  }

  private static Offer offer(Tuple x) {
    return new Offer(
        new TradePrice(OrderStructs.number(x, 0)),
        OrderStructs.energy(x, 1),
        new DeliveryWindow(OrderStructs.time(x, 2), OrderStructs.time(x, 3)),
        Abi.hash(x.get(4)));
  }

  private static ListingId id(Tuple x) {
    return new ListingId(OrderStructs.number(x, 0));
  }

  // -------------------------------------------------------------------------------- announcements

  /**
   * A new listing of the sender.
   *
   * @param occasion tells it from the sender's other listings
   * @param book the order book that may take from it
   */
  public TransactionIntent publish(String occasion, EvmAddress book, EnergyType type, Offer offer) {
    return contract
        .intent(
            contract.key("publish", occasion),
            "listing of %d Wh".formatted(offer.energy().value()),
            "publish",
            book,
            ChainNames.word(type),
            struct(offer))
        .withGasLimit(ANNOUNCEMENT_GAS);
  }

  /**
   * Another price, energy and window for a listing of the sender; what is ordered already stays.
   *
   * @param seen the version that is amended, which makes an amendment of it one thing
   * @param offer its energy is what is open from now on
   */
  public TransactionIntent amend(ListingVersion seen, Offer offer) {
    return contract
        .intent(
            contract.key("amend", seen.id().value(), seen.version()),
            "amendment of the listing %d".formatted(seen.id().value()),
            "amend",
            seen.id().value(),
            struct(offer))
        .withGasLimit(ANNOUNCEMENT_GAS);
  }

  /** Sells no more of a listing of the sender, for good. */
  public TransactionIntent withdraw(ListingId id) {
    return contract
        .intent(
            contract.key("withdraw", id.value()),
            "withdrawal of the listing %d".formatted(id.value()),
            "withdraw",
            id.value())
        .withGasLimit(ANNOUNCEMENT_GAS);
  }

  private static List<Object> struct(Offer offer) {
    return List.of(
        offer.price().doubled(),
        offer.energy().value(),
        offer.window().start().getEpochSecond(),
        offer.window().end().getEpochSecond(),
        offer.metadata());
  }
}
