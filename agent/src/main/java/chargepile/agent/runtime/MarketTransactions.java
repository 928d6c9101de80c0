package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.Offer;
import chargepile.agent.evm.market.OpenQuotes;
import chargepile.agent.evm.market.Publications;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.Offered;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MeterRecord;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A desk's actions as transactions of one account, which pays for its channels' first: none that
 * begins something is sent when it could leave it less than they need, and less than it takes to
 * bring the orders that bind it to their ends. What brings one there is sent. Used by one thread at
 * a time.
 */
final class MarketTransactions {
  /** Keys in the outbox: this, the action's own key, and a number behind the last {@code '#'}. */
  static final String KEYS = "market/";

  private static final String REQUEST = "request/";
  private static final String CONFIRM = "#confirm";

  /** What is finished for so many blocks is dropped: twice what a reorganisation may reach. */
  private static final long KEPT_BLOCKS = 256;

  /** A transaction that waits longer than this with its permit has to be decided on anew. */
  private static final Duration PERMIT_LIFE = Duration.ofDays(1);

  private static final ByteVector32 NO_METADATA = ByteVector32.Zeroes;

  private final MarketContracts contracts;
  private final EvmKey account;
  private final TransactionSender sender;
  private final MarketPurse purse;
  private final Signer signer;
  private final Optional<PrivateKey> meter;
  private final Map<ByteVector32, PublicKey> meters;
  private @Nullable Published published;
  private @Nullable Duration receipts;

  /** What an agency has published by a block. */
  private record Published(ByteVector32 at, Publications all) {}

  /**
   * @param reserve what the account keeps for the gas of its channels
   * @param meter signs what the own meter says; empty where there is none
   * @param meters of the piles whose orders are reviewed
   */
  MarketTransactions(
      MarketContracts contracts,
      EvmKey account,
      TransactionSender sender,
      Supplier<Wei> reserve,
      Signer signer,
      Optional<PrivateKey> meter,
      Map<PileId, PublicKey> meters) {
    this.contracts = contracts;
    this.account = account;
    this.sender = sender;
    this.purse = new MarketPurse(contracts.node(), account.address(), sender, reserve);
    this.signer = signer;
    this.meter = meter;
    Map<ByteVector32, PublicKey> byId = new HashMap<>();
    meters.forEach((pile, key) -> byId.put(ChainNames.word(pile), key));
    this.meters = Map.copyOf(byId);
  }

  /** The key of the desk's action that a transaction is of; empty: it is of none. */
  static Optional<String> action(String key) {
    int number = key.lastIndexOf('#');
    return key.startsWith(KEYS) && number > KEYS.length()
        ? Optional.of(key.substring(KEYS.length(), number))
        : Optional.empty();
  }

  /**
   * @param head of the view that the action follows from
   * @param orders of that view
   * @throws ShortOfGasException when it could cost what the channels and the orders need
   */
  void carryOut(DeskAction action, EvmBlock head, List<OrderView> orders) {
    List<OutboxEntry> decided = sender.decided();
    long nonce = contracts.node().nonce(account.address(), BlockRef.LATEST);
    int number = 0;
    List<OutboxEntry> tries = new ArrayList<>();
    Optional<TransactionIntent> signed = Optional.empty();
    for (OutboxEntry entry : decided) {
      boolean isUnderWay = isUnderWay(entry, nonce);
      if (action(entry.intent().key()).filter(action.key()::equals).isPresent()) {
        if (isUnderWay) {
          return;
        }
        number = Math.max(number, number(entry.intent().key()) + 1);
        tries.add(entry);
        if (action instanceof DeskAction.SettleByMeter) {
          signed = Optional.of(entry.intent()); // the meter signs no other
        }
      }
      if (pays(action) && isUnderWay && isPayment(entry.intent().key())) {
        throw new ChainException("it waits for the " + entry.intent());
      }
    }
    Setbacks.requirePause(tries, sender.receipts(), contracts.node(), head.time());
    TransactionIntent intent =
        named(KEYS + action.key() + '#' + number, signed.orElseGet(() -> intent(action, head)));
    TransactionIntent timely =
        OrderExit.deadline(action, receipts()).map(intent::withDeadline).orElse(intent);
    List<OutboxEntry> open = decided.stream().filter(entry -> isUnderWay(entry, nonce)).toList();
    TransactionIntent tried = sender.rehearsed(timely);
    if (OrderExit.isStep(action, head.time())) {
      tried = purse.payable(timely, tried, open);
    } else {
      purse.requireReserve(tried, pays(action), open, bound(orders, decided, open));
    }
    var unused = sender.submit(tried);
    dropFinished(decided, head);
  }

  private static boolean isUnderWay(OutboxEntry entry, long nonce) {
    return entry.finish().isEmpty() && entry.nonce() >= nonce;
  }

  /** The gas that it takes to bring what binds the account to an end. */
  private long bound(List<OrderView> orders, List<OutboxEntry> decided, List<OutboxEntry> open) {
    Set<String> confirmed =
        decided.stream()
            .filter(entry -> !hasFailed(entry))
            .flatMap(entry -> action(entry.intent().key()).stream())
            .filter(key -> key.endsWith(CONFIRM))
            .collect(Collectors.toUnmodifiableSet());
    long gas = 0;
    for (OrderView order : orders) {
      boolean sells = order.deal().seller().equals(account.address());
      boolean buys = order.deal().buyer().equals(account.address());
      boolean binds =
          order.stage() != OrderStage.REQUESTED
              || confirmed.contains(new DeskAction.Confirm(order).key());
      if (buys || (sells && binds)) {
        gas += OrderExit.gas(order.stage());
      }
    }
    for (OutboxEntry entry : open) {
      if (action(entry.intent().key()).filter(key -> key.startsWith(REQUEST)).isPresent()) {
        gas += OrderExit.gas(OrderStage.REQUESTED);
      }
    }
    return gas;
  }

  private static boolean hasFailed(OutboxEntry entry) {
    return entry.finish().filter(end -> !(end instanceof OutboxEntry.Finish.Succeeded)).isPresent();
  }

  /** How long after a delivery it is too early to settle by the meter; asked once. */
  private Duration receipts() {
    Duration known = receipts;
    if (known == null) {
      known = contracts.orders().timing().receipts();
      receipts = known;
    }
    return known;
  }

  private static int number(String key) {
    return Integer.parseInt(key.substring(key.lastIndexOf('#') + 1));
  }

  private static TransactionIntent named(String key, TransactionIntent of) {
    return new TransactionIntent(
        key, of.purpose(), of.to(), of.data(), of.value(), of.gasLimit(), of.deadline());
  }

  private void dropFinished(List<OutboxEntry> decided, EvmBlock head) {
    for (OutboxEntry entry : decided) {
      if (entry.intent().key().startsWith(KEYS)
          && entry.finish().filter(end -> end.block() < head.number() - KEPT_BLOCKS).isPresent()) {
        sender.forget(entry.intent().key());
      }
    }
  }

  private static boolean pays(DeskAction action) {
    return action instanceof DeskAction.Request || action instanceof DeskAction.Confirm;
  }

  /** Two at once would share the number of a permit. */
  private static boolean isPayment(String key) {
    return VoucherTransactions.isPayment(key)
        || action(key).filter(of -> of.startsWith(REQUEST) || of.endsWith(CONFIRM)).isPresent();
  }

  private TransactionIntent intent(DeskAction action, EvmBlock head) {
    return switch (action) {
      case DeskAction.Publish(int number, Offered offered) ->
          contracts
              .offers()
              .publish(
                  Integer.toString(number),
                  contracts.orders().address(),
                  EnergyType.ELECTRICITY,
                  offer(offered));
      case DeskAction.Amend(var listing, int version, Offered offered) ->
          contracts.offers().amend(new ListingVersion(listing, version), offer(offered));
      case DeskAction.Withdraw(var listing) -> contracts.offers().withdraw(listing);
      case DeskAction.PlaceQuote place ->
          contracts
              .quotes()
              .quote(
                  "round-" + place.round(),
                  place.cycle(),
                  place.side(),
                  place.pricePerKwh(),
                  place.energy(),
                  Optional.empty());
      case DeskAction.ChangeQuote change ->
          contracts
              .quotes()
              .requote(
                  "round-" + change.round(),
                  change.cycle(),
                  change.side(),
                  change.id(),
                  change.pricePerKwh(),
                  change.energy());
      case DeskAction.WithdrawQuote(long cycle, var side, var id) ->
          contracts.quotes().withdraw(cycle, side, id);
      case DeskAction.Announce announce -> announcement(announce);
      case DeskAction.Request(_, ContractTerms deal) ->
          contracts.orders().request(deal, permit(deal.order().escrow().buyer(), head));
      case DeskAction.Confirm(OrderView order) ->
          contracts
              .orders()
              .confirm(
                  order.deal(), Optional.empty(), permit(order.terms().escrow().seller(), head));
      case DeskAction.Refuse(OrderView order, _) -> contracts.orders().refuse(order.deal());
      case DeskAction.Sign(OrderView order) -> contracts.orders().sign(order.deal());
      case DeskAction.Review(OrderView order) -> review(order, head);
      case DeskAction.Veto(OrderView order, var why) ->
          contracts.board().veto(contracts.orders().address(), order.deal(), why);
      case DeskAction.PutOnRecord(OrderView order) -> contracts.orders().record(order.deal());
      case DeskAction.Begin(OrderView order) -> contracts.orders().begin(order.deal());
      case DeskAction.Acknowledge(OrderView order, Amount paid, var signature) ->
          contracts.orders().acknowledge(order.deal(), paid, signature.map(this::signature));
      case DeskAction.SettleTogether together -> settlement(together);
      case DeskAction.SettleByMeter(OrderView order, var available, var taken) ->
          byMeter(
              order.deal(),
              new MeterRecord(order.key(), available, taken, order.terms().window().end()));
      case DeskAction.Expire(OrderView order) -> contracts.orders().expire(order.deal());
      case DeskAction.Collect(Amount owed) ->
          contracts.orders().claim(Long.toString(owed.value()), account.address());
    };
  }

  private static Offer offer(Offered offered) {
    return new Offer(offered.price(), offered.energy(), offered.window(), NO_METADATA);
  }

  /** What is announced is judged by the quotes that are open, which stand still now. */
  private TransactionIntent announcement(DeskAction.Announce announce) {
    return contracts
        .quotes()
        .announce(
            new MarketClock(announce.cycle(), announce.round(), true),
            new OpenQuotes(announce.asks(), announce.bids()),
            announce.matches());
  }

  private TransactionIntent settlement(DeskAction.SettleTogether together) {
    ContractTerms terms = together.order().deal();
    boolean buyer = terms.buyer().equals(account.address());
    Optional<EvmSignature> other = Optional.of(signature(together.signature()));
    return contracts
        .orders()
        .settle(
            terms,
            together.metering(),
            buyer ? Optional.empty() : other,
            buyer ? other : Optional.empty());
  }

  private EvmSignature signature(ByteVector bytes) {
    return EvmSignature.of(bytes);
  }

  /** One record for an order: its time is the end of the delivery, and not when it is signed. */
  private TransactionIntent byMeter(ContractTerms terms, MeterRecord said) {
    PrivateKey key =
        meter.orElseThrow(() -> new ChainException("there is no meter here to sign for the order"));
    return contracts
        .orders()
        .settleByMeter(terms, said, contracts.orders().domain().sign(signer, said, key));
  }

  private TransactionIntent review(OrderView order, EvmBlock head) {
    PublicKey key =
        Optional.ofNullable(meters.get(ChainNames.word(order.terms().point().pile())))
            .orElseThrow(
                () ->
                    new ChainException(
                        "the meter key of pile %s is not known here"
                            .formatted(order.terms().point().pile().value())));
    return contracts
        .board()
        .review(contracts.orders().address(), order.deal(), publications(head), key);
  }

  /** Asked once a block, whatever there is to review: it takes the whole history. */
  private Publications publications(EvmBlock head) {
    Published known = published;
    if (known == null || !known.at().equals(head.hash())) {
      known = new Published(head.hash(), contracts.board().publications(head, contracts.since()));
      published = known;
    }
    return known.all();
  }

  /** None where the order book may take the amount already. */
  private Optional<TokenContract.Permit> permit(Amount amount, EvmBlock head) {
    EvmAddress book = contracts.orders().address();
    if (contracts.token().allowance(account.address(), book, BlockRef.LATEST).compareTo(amount)
        >= 0) {
      return Optional.empty();
    }
    long deadline = head.time().plus(PERMIT_LIFE).getEpochSecond();
    return Optional.of(contracts.token().permit(account, book, amount, deadline));
  }
}
