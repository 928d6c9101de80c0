package chargepile.agent.chain;

import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.util.Optional;

/**
 * The money that a wallet keeps back to raise the fees of its channels' commitment transactions: a
 * pile that can't pay for its close on the day when fees are high can be cheated.
 *
 * @param perChannel for every channel that is open or being opened or closed
 */
public record FeeReserve(Satoshi perChannel) {
  /** A commitment transaction with anchors and no HTLCs, witness included (BOLT 3). */
  static final int PARENT_WEIGHT = 1124;

  /**
   * The child that spends its anchor: two coins of the wallet (544), the anchor (279) and the
   * change (124), with 42 for the rest.
   */
  static final int CHILD_WEIGHT = 989;

  /**
   * What a close costs at the highest feerate that is ever paid: {@value #PARENT_WEIGHT} weight
   * units of the commitment, whose own fee is left out of account, and {@value #CHILD_WEIGHT} of
   * its child; 52,825 sat at 100 sat/vB. HTLCs are not in it: each weighs 172 in the commitment and
   * about 1000 in the transactions that claim it.
   */
  public static FeeReserve at(Feerate highest) {
    return new FeeReserve(highest.fee(PARENT_WEIGHT + CHILD_WEIGHT));
  }

  /** What the wallet must keep. */
  public Satoshi of(int channels) {
    return new Satoshi(Math.multiplyExact(perChannel.value(), (long) channels));
  }

  /** What a wallet lacks; zero when it has enough. */
  public Satoshi missing(Satoshi balance, int channels) {
    return of(channels).minusOrZero(balance);
  }

  /**
   * What may go into a new channel and the fee of its funding transaction.
   *
   * @param channels with the new one
   */
  public Satoshi spendable(Satoshi balance, int channels) {
    return balance.minusOrZero(of(channels));
  }

  /**
   * What a person should be told when the wallet begins or ceases to lack its reserve; empty while
   * that stays as it was.
   *
   * @param before what was missing at the last look, zero at first
   */
  public Optional<String> alert(Satoshi before, Satoshi balance, int channels) {
    Satoshi missing = missing(balance, channels);
    boolean lacked = !before.equals(Satoshi.ZERO);
    boolean lacks = !missing.equals(Satoshi.ZERO);
    if (lacks == lacked) {
      return Optional.empty();
    }
    return Optional.of(
        lacks
            ? "the wallet lacks %d sat of the %d sat it must keep to close %s when fees are high: pay to it"
                .formatted(missing.value(), of(channels).value(), counted(channels))
            : "the wallet has the %d sat again that it must keep to close %s"
                .formatted(of(channels).value(), counted(channels)));
  }

  static String counted(int channels) {
    return channels == 1 ? "1 channel" : channels + " channels";
  }
}
