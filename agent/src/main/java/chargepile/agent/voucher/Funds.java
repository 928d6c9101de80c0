package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.util.Optional;

/**
 * What is in a channel (P2-16).
 *
 * @param seen what the chain finally holds, by this side's last view
 * @param most the most that it ever did: what was final once is not lost by a node that lags
 * @param confirmed what the peer last said that it sees: what both see can be spent
 * @param wanted what this side's deposit is to become, until it is
 */
public record Funds(Deposits seen, Deposits most, Deposits confirmed, Optional<Amount> wanted) {
  static final Funds NONE =
      new Funds(Deposits.NONE, Deposits.NONE, Deposits.NONE, Optional.empty());

  Funds seeing(Deposits now) {
    return new Funds(now, now.orMore(most), confirmed, wanted);
  }

  Funds confirming(Deposits told) {
    return new Funds(seen, most, told, wanted);
  }

  Funds wanting(Optional<Amount> deposit) {
    return new Funds(seen, most, confirmed, deposit);
  }
}
