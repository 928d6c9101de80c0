package chargepile.agent.market;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
   * Measures trades by what the energy is worth to the traders.
   *
   * @param limits each quote with the trader's true limit and all of its energy; the quotes
   *     themselves where nobody shades
   * @throws IllegalArgumentException when a trade is of a quote that is not among them
   */
  public static Efficiency of(List<Quote> limits, List<Trade> trades) {
    Map<QuoteId, Quote> byId = new HashMap<>();
    for (Quote limit : limits) {
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

  /** The surplus in millionths of the optimum, rounded down; a million where none was possible. */
  public long ppm() {
    return ppm(total(), optimum);
  }

  /** The sellers' part of the surplus in millionths, rounded down; half a million of none. */
  public long sellersPpm() {
    return total().signum() == 0 ? MILLION.longValueExact() / 2 : ppm(sellers, total());
  }

  private static long ppm(BigInteger part, BigInteger whole) {
    return whole.signum() == 0
        ? MILLION.longValueExact()
        : part.multiply(MILLION).divide(whole).longValueExact();
  }

  /** Cheapest sellers to dearest buyers while both gain. */
  private static BigInteger optimum(List<Quote> limits) {
    Comparator<Quote> byPrice = Comparator.comparing(Quote::pricePerKwh);
    List<Quote> asks = side(limits, Side.ASK, byPrice);
    List<Quote> bids = side(limits, Side.BID, byPrice.reversed());
    BigInteger sum = BigInteger.ZERO;
    int ask = 0;
    int bid = 0;
    long sold = 0;
    long bought = 0;
    while (ask < asks.size() && bid < bids.size()) {
      Quote seller = asks.get(ask);
      Quote buyer = bids.get(bid);
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

  private static List<Quote> side(List<Quote> limits, Side side, Comparator<Quote> order) {
    List<Quote> quotes = new ArrayList<>(limits);
    quotes.removeIf(quote -> quote.side() != side);
    quotes.sort(order);
    return quotes;
  }

  private static Quote limit(Map<QuoteId, Quote> byId, QuoteId id) {
    Quote limit = byId.get(id);
    if (limit == null) {
      throw new IllegalArgumentException("the limit of quote " + id + " is missing");
    }
    return limit;
  }

  private static BigInteger product(long price, long energy) {
    return BigInteger.valueOf(price).multiply(BigInteger.valueOf(energy));
  }
}
