package chargepile.agent.market;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A quote that its trader stands by and nobody can read yet (P1-04).
 *
 * @param hash SHA-256 over, big-endian and without gaps: the ASCII text {@code chargepile/quote/1},
 *     the cycle's number (8 bytes), the quote's id (8), its side (1: 0 asks, 1 bids), its price per
 *     kWh (8), its energy in Wh (8), the salt (32), and the trader's name in ASCII
 */
public record QuoteCommitment(ByteVector32 hash) {
  private static final byte[] TAG = "chargepile/quote/1".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 4 * Long.BYTES + 1 + 32;

  /**
   * To this quote.
   *
   * @param cycle number of the one cycle that it is for
   * @param salt drawn at random for this quote: prices are too few to be hidden by a hash alone
   */
  public static QuoteCommitment of(long cycle, Quote quote, ByteVector32 salt) {
    byte[] trader = quote.trader().value().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(TAG.length + FIXED + trader.length);
    bytes.put(TAG);
    bytes.putLong(cycle);
    bytes.putLong(quote.id().value());
    bytes.put(
        switch (quote.side()) {
          case ASK -> (byte) 0;
          case BID -> (byte) 1;
        });
    bytes.putLong(quote.pricePerKwh().value());
    bytes.putLong(quote.energy().value());
    bytes.put(salt.toByteArray());
    bytes.put(trader);
    return new QuoteCommitment(new ByteVector(bytes.array()).sha256());
  }
}
