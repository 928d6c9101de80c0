package chargepile.agent.market;

import chargepile.agent.market.CommandStream.Command;
import chargepile.agent.market.CommandStream.Kind;
import exchange.core2.collections.objpool.ObjectsPool;
import exchange.core2.core.common.CoreSymbolSpecification;
import exchange.core2.core.common.OrderAction;
import exchange.core2.core.common.OrderType;
import exchange.core2.core.common.SymbolType;
import exchange.core2.core.common.cmd.OrderCommand;
import exchange.core2.core.common.config.LoggingConfiguration;
import exchange.core2.core.orderbook.OrderBookDirectImpl;
import exchange.core2.core.orderbook.OrderBookEventsHelper;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * A book that runs the stream's commands; every one does the same trades. Commands are decoded
 * beforehand, as each book wants them.
 */
abstract class Contender {
  /** Which books there are. */
  enum Name {
    CHARGEPILE,
    PRIORITY_QUEUE,
    EXCHANGE_CORE;

    Contender with(List<Command> commands) {
      return switch (this) {
        case CHARGEPILE -> new Chargepile(commands);
        case PRIORITY_QUEUE -> new Queues(commands);
        case EXCHANGE_CORE -> new ExchangeCore(commands);
      };
    }
  }

  /** Energy traded since the beginning. */
  long traded;

  /** Every pair so far with its energy, in one number: the same for books that do the same. */
  long pairs;

  /** The two in either order. */
  final void trade(long one, long other, long energy) {
    traded += energy;
    long both = (one + 1) * (other + 1) * 0x9E37_79B9_7F4A_7C15L + (one ^ other);
    pairs += (both ^ (both >>> 29)) * (2 * energy + 1);
  }

  /** Runs the command of this number. */
  abstract void run(int command);

  private static final class Chargepile extends Contender {
    private final OrderBook book = new OrderBook(CrossRule.WEAK);
    private final Command[] commands;

    Chargepile(List<Command> commands) {
      this.commands = commands.toArray(Command[]::new);
    }

    @Override
    void run(int command) {
      Quote quote = commands[command].quote();
      if (commands[command].kind() == Kind.CANCEL) {
        book.withdraw(quote.id(), quote.trader());
      } else {
        book.add(quote);
        book.match(
            trade ->
                trade(trade.ask().id().value(), trade.bid().id().value(), trade.energy().value()));
      }
    }
  }

  /** Two of the JDK's queues and a map; what is cancelled is skipped when it comes to the top. */
  private static final class Queues extends Contender {
    private static final Comparator<Open> EARLIER = Comparator.comparingLong(open -> open.arrival);

    private final Command[] commands;
    private final Map<Long, Open> byId = new HashMap<>();
    private final PriorityQueue<Open> asks =
        new PriorityQueue<>(Comparator.<Open>comparingLong(o -> o.price).thenComparing(EARLIER));
    private final PriorityQueue<Open> bids =
        new PriorityQueue<>(Comparator.<Open>comparingLong(o -> -o.price).thenComparing(EARLIER));
    private long arrivals;

    Queues(List<Command> commands) {
      this.commands = commands.toArray(Command[]::new);
    }

    private static final class Open {
      final long id;
      final long price;
      final long arrival;
      long rest;

      Open(Quote quote, long arrival) {
        this.id = quote.id().value();
        this.price = quote.pricePerKwh().value();
        this.arrival = arrival;
        this.rest = quote.energy().value();
      }
    }

    @Override
    void run(int command) {
      Quote quote = commands[command].quote();
      if (commands[command].kind() == Kind.CANCEL) {
        Objects.requireNonNull(byId.remove(quote.id().value())).rest = 0;
        if (byId.isEmpty()) {
          asks.clear();
          bids.clear();
        }
        return;
      }
      Open open = new Open(quote, arrivals++);
      byId.put(open.id, open);
      (quote.side() == Side.ASK ? asks : bids).add(open);
      Open ask = best(asks);
      Open bid = best(bids);
      while (ask != null && bid != null && bid.price >= ask.price) {
        long energy = Math.min(ask.rest, bid.rest);
        trade(ask.id, bid.id, energy);
        fill(ask, energy);
        fill(bid, energy);
        ask = best(asks);
        bid = best(bids);
      }
    }

    private void fill(Open open, long energy) {
      open.rest -= energy;
      if (open.rest == 0) {
        byId.remove(open.id);
      }
    }

    private static Open best(PriorityQueue<Open> side) {
      Open best = side.peek();
      while (best != null && best.rest == 0) {
        side.poll();
        best = side.peek();
      }
      return best;
    }
  }

  private static final class ExchangeCore extends Contender {
    private final OrderCommand[] commands;
    private final boolean[] cancels;
    private final OrderBookDirectImpl book =
        new OrderBookDirectImpl(
            CoreSymbolSpecification.builder()
                .symbolId(1)
                .type(SymbolType.CURRENCY_EXCHANGE_PAIR)
                .baseScaleK(1)
                .quoteScaleK(1)
                .build(),
            ObjectsPool.createDefaultTestPool(),
            OrderBookEventsHelper.NON_POOLED_EVENTS_HELPER,
            LoggingConfiguration.DEFAULT);

    ExchangeCore(List<Command> stream) {
      commands = stream.stream().map(ExchangeCore::command).toArray(OrderCommand[]::new);
      cancels = new boolean[stream.size()];
      for (int i = 0; i < cancels.length; i++) {
        cancels[i] = stream.get(i).kind() == Kind.CANCEL;
      }
    }

    private static OrderCommand command(Command command) {
      Quote quote = command.quote();
      long id = quote.id().value();
      long trader = quote.trader().value().hashCode();
      if (command.kind() == Kind.CANCEL) {
        return OrderCommand.cancel(id, trader);
      }
      long price = quote.pricePerKwh().value();
      return OrderCommand.newOrder(
          OrderType.GTC,
          id,
          trader,
          price,
          price,
          quote.energy().value(),
          quote.side() == Side.ASK ? OrderAction.ASK : OrderAction.BID);
    }

    @Override
    void run(int number) {
      OrderCommand command = commands[number];
      command.matcherEvent = null;
      if (cancels[number]) {
        book.cancelOrder(command);
      } else {
        book.newOrder(command);
        for (var event = command.matcherEvent; event != null; event = event.nextEvent) {
          trade(command.orderId, event.matchedOrderId, event.size);
        }
      }
    }
  }
}
