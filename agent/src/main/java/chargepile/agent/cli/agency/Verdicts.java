package chargepile.agent.cli.agency;

import static java.nio.charset.StandardCharsets.US_ASCII;

import chargepile.agent.cli.market.trade.Lines;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.market.ReviewLog;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.units.EvmAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Says what became of orders, and why, once each: also of those that were decided while nobody was
 * there to say it, and again where a reorganisation brought another outcome. Used by one thread at
 * a time.
 */
final class Verdicts {
  /** What no reorganisation reaches: a little more than four epochs. */
  private static final long DEEP = 150;

  /** So many are remembered; the first go first. */
  private static final int REMEMBERED = 4096;

  private final EvmAddress book;
  private final EvmAddress account;
  private final Reviews reviews;
  private final long since;
  private final MarketMemory memory;
  private final Consumer<String> lines;
  private final Map<OrderKey, String> told = new LinkedHashMap<>();
  private long toldTo = -1;

  /** Where reviews are told. */
  @FunctionalInterface
  interface Reviews {
    List<ReviewLog> between(long first, long last);
  }

  /**
   * @param book whose orders are told of
   * @param account reviews; whoever else did is named
   * @param since the block before which nothing was reviewed
   * @param memory keeps up to which block all is told
   * @param lines are told one by one
   */
  Verdicts(
      EvmAddress book,
      EvmAddress account,
      Reviews reviews,
      long since,
      MarketMemory memory,
      Consumer<String> lines) {
    this.book = book;
    this.account = account;
    this.reviews = reviews;
    this.since = since;
    this.memory = memory;
    this.lines = lines;
  }

  /** Says what is new up to a block. The first of all times begins there. */
  void tellTo(long head) {
    if (toldTo < 0) {
      toldTo = memory.load().flatMap(Verdicts::number).orElse(head);
      long deep = Math.max(since, Math.min(toldTo, head) - DEEP);
      outcomes(deep, Math.min(toldTo, head)).forEach(this::isNews);
    }
    long from = Math.max(since, Math.min(toldTo + 1, head - DEEP));
    outcomes(from, head)
        .forEach(
            (order, outcome) -> {
              if (isNews(order, outcome)) {
                lines.accept("order %s %s".formatted(order, outcome));
              }
            });
    if (head > toldTo) {
      memory.save(Long.toString(head).getBytes(US_ASCII));
      toldTo = head;
    }
  }

  /** Whether an order is known to be approved or rejected. */
  boolean isDecided(OrderKey order) {
    return told.containsKey(order);
  }

  private static Optional<Long> number(byte[] kept) {
    String text = new String(kept, US_ASCII);
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  private boolean isNews(OrderKey order, String outcome) {
    boolean news = !outcome.equals(told.put(order, outcome));
    if (told.size() > REMEMBERED) {
      told.remove(told.keySet().iterator().next());
    }
    return news;
  }

  private Map<OrderKey, String> outcomes(long first, long last) {
    Map<OrderKey, String> outcomes = new LinkedHashMap<>();
    if (first > last) {
      return outcomes;
    }
    for (ReviewLog log : reviews.between(first, last)) {
      switch (log) {
        case ReviewLog.Reviewed(var of, OrderKey order, var by, var broken) -> {
          if (of.equals(book)) {
            outcomes.put(
                order,
                broken
                        .map(rule -> "is rejected: " + Lines.why(new RejectionReason.Rule(rule)))
                        .orElse("is approved")
                    + whose(by));
          }
        }
        case ReviewLog.Vetoed(var of, OrderKey order, var by, var why) -> {
          if (of.equals(book)) {
            outcomes.put(
                order, "is rejected: " + Lines.why(new RejectionReason.Veto(why)) + whose(by));
          }
        }
        case ReviewLog.Released _,
            ReviewLog.LimitsPublished _,
            ReviewLog.FeederPublished _,
            ReviewLog.PilePublished _,
            ReviewLog.TablePublished _ -> {} // no order's outcome
      }
    }
    return outcomes;
  }

  private String whose(EvmAddress by) {
    return by.equals(account) ? "" : ", by the deputy " + Eip55.write(by);
  }
}
