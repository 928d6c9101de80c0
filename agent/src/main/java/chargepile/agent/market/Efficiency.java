package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What trading achieved, against the best allocation there is (P1-43). Surplus is counted in halves
 * of the ledger's smallest unit per kWh, times watt-hours: exact.
 *
 * @param sellers what the sellers got above their limits
 * @param buyers what the buyers paid below theirs
 * @param optimum the most that both together could have had
 */
public record Efficiency(BigInteger sellers, BigInteger buyers, BigInteger optimum) {
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  /**
   * What a quote's trader would at most do, whatever it quotes.
   *
   * @param pricePerKwh the least that it would take, or the most that it would give
   * @param energy all of it
   */
  public record Limit(QuoteId id, Side side, Amount pricePerKwh, WattHours energy) {
    public Limit {
      if (pricePerKwh.compareTo(Quote.HIGHEST_PRICE) > 0) {
        throw new IllegalArgumentException(
            "a limit is at most %d per kWh, not %d"
                .formatted(Quote.HIGHEST_PRICE.value(), pricePerKwh.value()));
      }
    }

    /** Of one that quotes its limit. */
    public static Limit of(Quote quote) {
      return new Limit(quote.id(), quote.side(), quote.pricePerKwh(), quote.energy());
    }
  }

  /**
   * Measures trades by what the energy is worth to the traders.
   *
   * @param limits of each quote; by the quotes themselves what is measured is the matching alone
   * @throws IllegalArgumentException when a trade is of a quote that is not among them
   */
  public static Efficiency of(List<Limit> limits, List<Trade> trades) {
    Map<QuoteId, Limit> byId = new HashMap<>();
    for (Limit limit : limits) {
      byId.put(limit.id(), limit);
    }
    BigInteger sellers = BigInteger.ZERO;
    BigInteger buyers = BigInteger.ZERO;
    for (Trade trade : trades) {
      long doubled = trade.price().doubled();
      long cost = TradePrice.of(limit(byId, trade.ask().id()).pricePerKwh()).doubled();
      long worth = TradePrice.of(limit(byId, trade.bid().id()).pricePerKwh()).doubled();
      sellers = sellers.add(product(doubled - cost, trade.energy().value()));
      buyers = buyers.add(product(worth - doubled, trade.energy().value()));
    }
    return new Efficiency(sellers, buyers, optimum(limits));
  }

  public BigInteger total() {
    return sellers.add(buyers);
  }

  /**
   * The surplus in millionths of the optimum, rounded down, below 0 where trading made a loss; a
   * million where none was possible and none was made, empty where there was a loss instead.
   */
  public Optional<BigInteger> ppm() {
    if (optimum.signum() == 0) {
      return total().signum() == 0 ? Optional.of(MILLION) : Optional.empty();
    }
    return Optional.of(ppm(total(), optimum));
  }

  /**
   * The sellers' part of the surplus in millionths, rounded down: below 0 or above a million where
   * one side lost what the other won. Empty where there is no surplus to share.
   */
  public Optional<BigInteger> sellersPpm() {
    return total().signum() <= 0 ? Optional.empty() : Optional.of(ppm(sellers, total()));
  }

  private static BigInteger ppm(BigInteger part, BigInteger whole) {
    BigInteger[] parts = part.multiply(MILLION).divideAndRemainder(whole);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** Cheapest sellers to dearest buyers while both gain. */
  private static BigInteger optimum(List<Limit> limits) {
    Comparator<Limit> byPrice = Comparator.comparing(Limit::pricePerKwh);
    List<Limit> asks = side(limits, Side.ASK, byPrice);
    List<Limit> bids = side(limits, Side.BID, byPrice.reversed());
    BigInteger sum = BigInteger.ZERO;
    int ask = 0;
    int bid = 0;
    long sold = 0;
    long bought = 0;
    while (ask < asks.size() && bid < bids.size()) {
      Limit seller = asks.get(ask);
      Limit buyer = bids.get(bid);
      long gain = buyer.pricePerKwh().value() - seller.pricePerKwh().value();
      if (gain <= 0) {
        break;
      }
      long energy = Math.min(seller.energy().value() - sold, buyer.energy().value() - bought);
      sum = sum.add(product(2 * gain, energy));
      sold += energy;
      bought += energy;
      if (sold == seller.energy().value()) {
        ask++;
        sold = 0;
      }
      if (bought == buyer.energy().value()) {
        bid++;
        bought = 0;
      }
    }
    return sum;
  }

  private static List<Limit> side(List<Limit> limits, Side side, Comparator<Limit> order) {
    List<Limit> quotes = new ArrayList<>(limits);
    quotes.removeIf(quote -> quote.side() != side);
    quotes.sort(order);
    return quotes;
  }

  private static Limit limit(Map<QuoteId, Limit> byId, QuoteId id) {
    Limit limit = byId.get(id);
    if (limit == null) {
      throw new IllegalArgumentException("the limit of quote " + id + " is missing");
    }
    return limit;
  }

  private static BigInteger product(long price, long energy) {
    return BigInteger.valueOf(price).multiply(BigInteger.valueOf(energy));
  }
}
