package chargepile.agent.cli.agency;

import chargepile.agent.cli.Figures;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.Wei;
import chargepile.agent.runtime.ReserveWatch;
import chargepile.agent.units.EvmAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** The coins that pay for the gas of reviews. Used by one thread. */
final class ReviewPurse implements ReserveWatch.Purse {
  private final EvmAddress account;
  private final Supplier<Wei> balance;
  private final Wei reserve;

  /** Whether some were missing at the last look. */
  private boolean lacked;

  /**
   * @param balance asks the chain
   */
  ReviewPurse(EvmAddress account, Supplier<Wei> balance, Wei reserve) {
    this.account = account;
    this.balance = balance;
    this.reserve = reserve;
  }

  @Override
  public Optional<String> look(int channels) {
    Wei held = balance.get();
    boolean lacks = held.compareTo(reserve) < 0;
    if (lacks == lacked) {
      return Optional.empty();
    }
    lacked = lacks;
    return Optional.of(
        lacks
            ? "the account %s has %s left for the gas of reviews, less than %s: pay to it, or orders will expire"
                .formatted(Eip55.write(account), Figures.coins(held), Figures.coins(reserve))
            : "the account %s has %s for the gas of reviews again"
                .formatted(Eip55.write(account), Figures.coins(held)));
  }
}
