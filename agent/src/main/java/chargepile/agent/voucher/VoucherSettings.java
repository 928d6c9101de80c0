package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.eip712.Domain;
import java.time.Duration;

/**
 * What this side opens and accepts.
 *
 * @param domain the only contract that it deals with
 * @param token what it is paid in
 * @param challengePeriod of the channels that it opens: how long after a close either side can show
 *     a better voucher (P1-25)
 * @param shortest challenge period of the channels that it accepts; it must survive the longest
 *     outage to be expected, and finality
 * @param longest likewise
 * @param leastDeposit the least that a peer must put into a channel
 * @param closingTime how long a transaction may take to get into the chain: a cooperative close, or
 *     the preimage of a lock that is about to expire
 * @param maxLock the contract's {@code maxLock}: the longest that a lock may take to expire
 *     (P2-17); 0: locks are neither offered nor taken
 */
public record VoucherSettings(
    Domain domain,
    EvmAddress token,
    Duration challengePeriod,
    Duration shortest,
    Duration longest,
    Amount leastDeposit,
    Duration closingTime,
    Duration maxLock) {
  /** Without locks. */
  public VoucherSettings(
      Domain domain,
      EvmAddress token,
      Duration challengePeriod,
      Duration shortest,
      Duration longest,
      Amount leastDeposit,
      Duration closingTime) {
    this(
        domain,
        token,
        challengePeriod,
        shortest,
        longest,
        leastDeposit,
        closingTime,
        Duration.ZERO);
  }
}
