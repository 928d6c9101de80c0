package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.evm.market.RegistryLog;
import chargepile.agent.evm.market.ReviewLog;
import chargepile.agent.market.Side;
import chargepile.agent.market.desk.BuyerPolicy;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.DefaultPolicy;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.DriverDesk;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.PileDesk;
import chargepile.agent.market.desk.PilePoint;
import chargepile.agent.market.desk.PilePolicy;
import chargepile.agent.market.desk.PricePolicy;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.runtime.EvmMarketLedger;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.MarketContracts;
import chargepile.agent.runtime.MarketLedger;
import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.runtime.MarketReport;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's trade on a configured market. What the chain says of it is asked with the first look,
 * again until there is an answer: neither a chain that is away nor an account that is not
 * registered yet keeps a node from charging cars.
 */
public final class Trading implements MarketLedger, Desk {
  private static final Duration LISTED_AHEAD = Duration.ofHours(24);

  /** A buyer does so much before a deadline what a seller should have done. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Amount LEAST_PAYOUT = new Amount(1);

  private final Supplier<Opened> opening;
  private final Function<Runnable, AutoCloseable> blocks;
  private volatile @Nullable Opened opened;

  private record Opened(MarketLedger ledger, Desk desk) {}

  private Trading(Supplier<Opened> opening, Function<Runnable, AutoCloseable> blocks) {
    this.opening = opening;
    this.blocks = blocks;
  }

  /**
   * What a node trades with.
   *
   * @param orderBook names all other contracts
   * @param named what is configured of them, which must agree
   * @param reserve what a pile's account keeps for the gas of its channels; a driver keeps none
   * @param since the block before which there were no contracts
   * @param blocks tells of new blocks and looks after what was sent
   * @param memory where the desk keeps what it must remember
   * @param thread waits for the chain; not that of the channels
   * @param observer is told what every look came to
   */
  public record Means(
      EvmAddress orderBook,
      NamedContracts named,
      NodeKeys keys,
      EvmNode node,
      TransactionSender sender,
      Supplier<Wei> reserve,
      long since,
      Function<Runnable, AutoCloseable> blocks,
      MarketMemory memory,
      Executor thread,
      Consumer<MarketReport> observer) {
    EvmAddress account() {
      return EvmSignature.address(keys.signer().publicKey(keys.accountKey()));
    }

    MarketContracts verified() {
      named.require(node, orderBook);
      return contracts();
    }

    MarketContracts contracts() {
      return MarketContracts.of(node, orderBook, since);
    }

    RegistryContract registry() {
      return new RegistryContract(node, contracts().orders().registry());
    }
  }

  /**
   * What a driver buys.
   *
   * @param energy wanted in all
   * @param budget that its orders, with what is in escrow against default, never exceed
   * @param since matches of before are of an earlier want, by the chain's clock
   * @param lead from a request to its delivery, at least
   * @param window of a delivery, at least
   */
  public record Want(
      MarketSettings.Prices bid,
      WattHours energy,
      Amount budget,
      Instant since,
      Duration lead,
      Duration window,
      MarketSettings.OnDefault onDefault) {}

  /**
   * A pile's: it sells where {@code market.ask} is set.
   *
   * @param pricePerKwh of the tariff, which its listing says
   */
  public static Market ofPile(Means means, MarketSettings settings, Amount pricePerKwh) {
    return market(
        means,
        () ->
            new Opened(
                EvmMarketLedger.ofPile(
                    means.verified(),
                    means.keys(),
                    means.sender(),
                    means.reserve(),
                    means.blocks()),
                pileDesk(means, settings, pricePerKwh)));
  }

  /**
   * A driver's: it buys of the pile with this node alone. Asks the chain at once, as somebody waits
   * for the answer.
   *
   * @throws ChainException when the chain does not answer or names other contracts than the
   *     configuration, or one of both is not registered
   */
  public static Market ofDriver(Means means, PublicKey pile, Want want) {
    MarketContracts contracts = asked(means::verified);
    Opened opened =
        asked(
            () ->
                new Opened(
                    EvmMarketLedger.ofDriver(
                        contracts, means.keys(), means.sender(), means.blocks()),
                    driverDesk(means, contracts, pile, want)));
    return market(means, () -> opened);
  }

  private static Market market(Means means, Supplier<Opened> opening) {
    Trading trading = new Trading(opening, means.blocks());
    return new Market(trading, trading, means.memory(), means.thread(), means.observer());
  }

  private static Desk pileDesk(Means means, MarketSettings settings, Amount pricePerKwh) {
    RegisteredParty own = registered(means, means.account());
    if (own.ratedPowerWatts() < 1) {
      throw new ChainException(
          "%s is registered as no pile: enter it with its power with chargepile market register"
              .formatted(Eip55.write(means.account())));
    }
    PilePoint point =
        new PilePoint(
            ChainNames.pile(own.id()),
            new FeederId(settings.feeder()),
            EvmSignature.address(means.keys().meterId()),
            own.ratedPowerWatts());
    return new PileDesk(policy(point, settings, pricePerKwh));
  }

  static PilePolicy policy(PilePoint point, MarketSettings settings, Amount pricePerKwh) {
    WattHours energy =
        settings
            .energy()
            .orElseGet(
                () ->
                    new WattHours(
                        Math.multiplyExact(point.ratedPowerWatts(), settings.window().toSeconds())
                            / 3600));
    PricePolicy price =
        settings
            .ask()
            .map(ask -> new PricePolicy(Side.ASK, ask.start(), ask.limit(), ask.step()))
            .orElseGet(() -> new PricePolicy(Side.ASK, pricePerKwh, pricePerKwh, Amount.ZERO));
    return new PilePolicy(
        point,
        price,
        settings.ask().isPresent() ? energy : WattHours.ZERO,
        settings.ask().map(_ -> new PilePolicy.Shop(pricePerKwh, energy, LISTED_AHEAD)),
        onDefault(settings.onDefault()),
        true,
        settings.lead(),
        LEAST_PAYOUT);
  }

  private static DefaultPolicy onDefault(MarketSettings.OnDefault settings) {
    return new DefaultPolicy(
        settings.ratePerKwh(), settings.toleranceBasisPoints(), settings.amount());
  }

  private static RegisteredParty registered(Means means, EvmAddress account) {
    RegistryContract registry = means.registry();
    return registry
        .idOf(account, BlockRef.LATEST)
        .flatMap(id -> registry.party(id, BlockRef.LATEST))
        .orElseThrow(
            () ->
                new ChainException(
                    "the account %s is not registered: enter it with chargepile market register"
                        .formatted(Eip55.write(account))));
  }

  private static Desk driverDesk(
      Means means, MarketContracts contracts, PublicKey pileNode, Want want) {
    EvmBlock head =
        means
            .node()
            .block(BlockRef.LATEST)
            .orElseThrow(() -> new ChainException("the node has no block yet"));
    RegisteredParty unused = registered(means, means.account());
    RegisteredParty seller = pileOf(means, pileNode, head);
    PilePoint point =
        new PilePoint(
            ChainNames.pile(seller.id()),
            feederOf(contracts, ChainNames.pile(seller.id()), head),
            meterOf(means, seller, head),
            seller.ratedPowerWatts());
    return new DriverDesk(
        new BuyerPolicy(
            new PricePolicy(Side.BID, want.bid().start(), want.bid().limit(), want.bid().step()),
            want.energy(),
            want.since(),
            Map.of(ChainNames.trader(seller.account()), point),
            want.lead(),
            want.window(),
            want.window(),
            onDefault(want.onDefault()),
            want.budget(),
            PATIENCE,
            true,
            LEAST_PAYOUT));
  }

  /** The party that a link's key belongs to, by what the centre certified. */
  private static RegisteredParty pileOf(Means means, PublicKey node, EvmBlock head) {
    RegistryContract registry = means.registry();
    ByteVector32 wanted = Keccak256.hash(node.value);
    return registry.history(means.since(), head.number()).stream()
        .filter(RegistryLog.Registered.class::isInstance)
        .flatMap(log -> registry.party(log.party(), BlockRef.LATEST).stream())
        .filter(party -> party.nodeKey().equals(wanted) && !party.isLeaving())
        .findFirst()
        .orElseThrow(
            () ->
                new ChainException(
                    "the pile with the node key %s is not registered, so that nothing can be ordered of it"
                        .formatted(node.toHex())));
  }

  private static FeederId feederOf(MarketContracts contracts, PileId pile, EvmBlock head) {
    return contracts.board().history(contracts.since(), head.number()).stream()
        .filter(ReviewLog.PilePublished.class::isInstance)
        .map(ReviewLog.PilePublished.class::cast)
        .filter(log -> ChainNames.word(log.pile()).equals(ChainNames.word(pile)))
        .reduce((_, later) -> later)
        .map(ReviewLog.PilePublished::feeder)
        .orElseThrow(
            () ->
                new ChainException(
                    "the agency has not published on which feeder pile %s hangs"
                        .formatted(pile.value())));
  }

  /** With which the pile's meter signs, by its registered certificate. */
  private static EvmAddress meterOf(Means means, RegisteredParty seller, EvmBlock head) {
    PublicKey key =
        means
            .registry()
            .meter(seller.id(), head, means.since())
            .filter(meter -> Keccak256.hash(meter.value).equals(seller.meterKey()))
            .orElseThrow(
                () ->
                    new ChainException(
                        "the pile is registered without a key of its meter, or before block %d (evm.first_block): nothing is ordered of it"
                            .formatted(means.since())));
    return EvmSignature.address(key);
  }

  private Opened opened() {
    Opened known = opened;
    if (known == null) {
      known = asked(opening);
      opened = known;
    }
    return known;
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
  }

  @Override
  public MarketView view() {
    return opened().ledger().view();
  }

  @Override
  public void carryOut(DeskAction action) {
    opened().ledger().carryOut(action);
  }

  @Override
  public ByteVector receipt(OrderKey order, Amount paid) {
    return opened().ledger().receipt(order, paid);
  }

  @Override
  public boolean isReceipt(OrderView order, Amount paid, ByteVector signature) {
    return opened().ledger().isReceipt(order, paid, signature);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return blocks.apply(listener);
  }

  @Override
  public Decision next(MarketView view, OwnSide own, Outages remembered) {
    return opened().desk().next(view, own, remembered);
  }
}
