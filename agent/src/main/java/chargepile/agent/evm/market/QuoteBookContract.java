package chargepile.agent.evm.market;

import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmLog;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.LogFilter;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.BookLimits;
import chargepile.agent.market.Match;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import com.esaulpaugh.headlong.abi.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The contract of quotes, trading cycles and matches (P1-03, P1-04, P1-37 to P1-42). A quote's id
 * is its arrival; prices are per kWh in the token's smallest unit. Thread-safe.
 */
public final class QuoteBookContract {
  private static final long QUOTE_GAS = 250_000;
  private static final long ANNOUNCEMENT_GAS = 200_000;
  private static final long GAS_PER_QUOTE = 10_000;
  private static final long GAS_PER_MATCH = 70_000;

  /** What a transaction may use at most (EIP-7825). */
  private static final long MOST_GAS = 1 << 24;

  private static final Set<String> ARRIVALS = Set.of("Quoted", "Requoted");
  private static final Set<String> EVENTS =
      Set.of("Quoted", "Requoted", "QuoteWithdrawn", "QuoteDisplaced", "Matched", "RoundMatched");

  private final DeployedContract contract;

  public QuoteBookContract(EvmNode node, EvmAddress address) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("QuoteBook"));
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  // ------------------------------------------------------------------------------------- reading

  /** Fixed when the contract was made. */
  public MarketRules rules() {
    Tuple x = contract.ask("rules", BlockRef.LATEST).get(0);
    return MarketRules.of(
        OrderStructs.time(x, 0),
        Duration.ofSeconds(OrderStructs.number(x, 1)),
        (int) OrderStructs.number(x, 2),
        Duration.ofSeconds(OrderStructs.number(x, 3)),
        (int) OrderStructs.number(x, 4),
        new BookLimits(
            (int) OrderStructs.number(x, 5),
            (int) OrderStructs.number(x, 6),
            OrderStructs.energy(x, 7)),
        x.get(8));
  }

  /**
   * Where the cycles stand at a block.
   *
   * @throws chargepile.agent.evm.RefusedByNodeException before cycle 0
   */
  public MarketClock clock(BlockRef at) {
    Tuple x = contract.ask("clock", at);
    return new MarketClock(
        OrderStructs.number(x, 0), (int) OrderStructs.number(x, 1), x.<Boolean>get(2));
  }

  /** An open quote with its rest as its energy; empty when there is none of this id. */
  public Optional<Quote> quote(Side side, QuoteId id, BlockRef at) {
    Tuple x = contract.ask("quoteOf", at, QuoteLogDecoder.code(side), id.value()).get(0);
    EvmAddress trader = Abi.address(x.get(0));
    return OrderStructs.isNobody(trader)
        ? Optional.empty()
        : Optional.of(
            new Quote(
                id,
                ChainNames.trader(trader),
                side,
                Abi.amount(x.get(1)),
                OrderStructs.energy(x, 2)));
  }

  /**
   * All that is open in the state after a block.
   *
   * @param since a block before the cycle's first quote, such as that of the contract's creation
   * @throws EvmException also when the logs since then don't tell of every open quote
   */
  public OpenQuotes open(EvmBlock at, long since) {
    BlockRef block = BlockRef.hash(at.hash());
    List<Resting> asks = new ArrayList<>();
    List<Resting> bids = new ArrayList<>();
    sides(contract.history(ARRIVALS, since, at.number()), clock(block).cycle())
        .forEach(
            (id, side) ->
                quote(side, id, block)
                    .map(quote -> new Resting(quote, quote.energy(), id.value()))
                    .ifPresent(side == Side.ASK ? asks::add : bids::add));
    Tuple count = contract.ask("openQuotes", block);
    if (OrderStructs.number(count, 0) != asks.size()
        || OrderStructs.number(count, 1) != bids.size()) {
      throw new EvmException(
          "the logs since block %d tell of %d asks and %d bids, and %s has %d and %d: begin earlier"
              .formatted(
                  since,
                  asks.size(),
                  bids.size(),
                  address(),
                  OrderStructs.number(count, 0),
                  OrderStructs.number(count, 1)));
    }
    return new OpenQuotes(asks, bids);
  }

  private Map<QuoteId, Side> sides(List<EvmLog> logs, long cycle) {
    Map<QuoteId, Side> sides = new LinkedHashMap<>();
    for (EvmLog log : logs) {
      switch (decode(log).orElse(null)) {
        case QuoteLog.Quoted quoted when quoted.cycle() == cycle ->
            sides.put(quoted.id(), quoted.side());
        case QuoteLog.Requoted requoted -> {
          Side side = sides.get(requoted.previous());
          if (side != null) {
            sides.put(requoted.id(), side);
          }
        }
        case null, default -> {} // of another cycle: void
      }
    }
    return sides;
  }

  /** What happened to quotes, from one block to another. */
  public List<QuoteLog> history(long first, long last) {
    return contract.history(EVENTS, first, last).stream()
        .flatMap(log -> decode(log).stream())
        .toList();
  }

  /** What a log says of quotes; empty: it is of another contract, or says nothing of them. */
  public Optional<QuoteLog> decode(EvmLog log) {
    return contract.decode(log).flatMap(QuoteLogDecoder::decode);
  }

  // -------------------------------------------------------------------------------------- quotes

  /**
   * A new quote of the sender for a cycle, good until its end (P1-03).
   *
   * @param occasion tells it from the sender's other quotes of the cycle, such as {@code round-0}
   * @param insteadOf a quote that gives way when the book is full
   */
  public TransactionIntent quote(
      String occasion,
      long cycle,
      Side side,
      Amount pricePerKwh,
      WattHours energy,
      Optional<QuoteId> insteadOf) {
    return contract
        .intent(
            contract.key("quote", cycle, side, occasion),
            "%s of %d Wh at %d per kWh in cycle %d"
                .formatted(word(side), energy.value(), pricePerKwh.value(), cycle),
            "quote",
            cycle,
            QuoteLogDecoder.code(side),
            pricePerKwh,
            energy.value(),
            insteadOf.map(QuoteId::value).orElse(0L))
        .withGasLimit(QUOTE_GAS);
  }

  /**
   * Another price or rest for an open quote of the sender (P1-42).
   *
   * @param occasion tells it from other changes of the same quote, such as {@code round-1}
   */
  public TransactionIntent requote(
      String occasion, long cycle, Side side, QuoteId id, Amount pricePerKwh, WattHours energy) {
    return contract
        .intent(
            contract.key("requote", id, occasion),
            "%s %s: %d Wh at %d per kWh from now on"
                .formatted(word(side), id, energy.value(), pricePerKwh.value()),
            "requote",
            cycle,
            QuoteLogDecoder.code(side),
            id.value(),
            pricePerKwh,
            energy.value())
        .withGasLimit(QUOTE_GAS);
  }

  /** Takes the rest of a quote of the sender out of the book. */
  public TransactionIntent withdraw(long cycle, Side side, QuoteId id) {
    return contract
        .intent(
            contract.key("withdrawQuote", id),
            "withdrawal of the %s %s".formatted(word(side), id),
            "withdrawQuote",
            cycle,
            QuoteLogDecoder.code(side),
            id.value())
        .withGasLimit(QUOTE_GAS);
  }

  /**
   * Announces what the quotes of this round match to; anybody may, while it is matched (P1-04).
   *
   * @param clock of the round
   * @param open every open quote
   */
  public TransactionIntent announce(MarketClock clock, OpenQuotes open, List<Match> matches) {
    long gas =
        ANNOUNCEMENT_GAS
            + GAS_PER_QUOTE * (open.asks().size() + open.bids().size())
            + GAS_PER_MATCH * matches.size();
    return contract
        .intent(
            contract.key("announce", clock.cycle(), clock.round()),
            "%d matches of round %d of cycle %d"
                .formatted(matches.size(), clock.round() + 1, clock.cycle()),
            "announce",
            ids(open.asks()),
            ids(open.bids()),
            matches.stream().map(QuoteBookContract::struct).toList())
        .withGasLimit(Math.min(gas, MOST_GAS));
  }

  private static List<Object> ids(List<Resting> quotes) {
    return quotes.stream().<Object>map(resting -> resting.quote().id().value()).toList();
  }

  private static List<Object> struct(Match match) {
    return List.of(
        match.ask().value(),
        match.bid().value(),
        match.askPrice(),
        match.bidPrice(),
        match.price().doubled(),
        match.energy().value());
  }

  private static String word(Side side) {
    return switch (side) {
      case ASK -> "ask";
      case BID -> "bid";
    };
  }
}
