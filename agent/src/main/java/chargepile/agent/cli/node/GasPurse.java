package chargepile.agent.cli.node;

import chargepile.agent.cli.Figures;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.Wei;
import chargepile.agent.runtime.ReserveWatch;
import chargepile.agent.units.EvmAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The account's own coins, of which some are kept for every channel: who can't pay for gas can't
 * answer a cheat. Used by one thread.
 */
public final class GasPurse implements ReserveWatch.Purse {
  private final EvmAddress account;
  private final Supplier<Wei> balance;
  private final Wei perChannel;

  /** Whether some were missing at the last look. */
  private boolean lacked;

  /**
   * @param balance asks the chain
   */
  public GasPurse(EvmAddress account, Supplier<Wei> balance, Wei perChannel) {
    this.account = account;
    this.balance = balance;
    this.perChannel = perChannel;
  }

  /** What is kept for so many channels. */
  public static Wei reserve(Wei perChannel, int channels) {
    return perChannel.times(channels);
  }

  @Override
  public Optional<String> look(int channels) {
    Wei wanted = reserve(perChannel, channels);
    Wei held = balance.get();
    boolean lacks = held.compareTo(wanted) < 0;
    if (lacks == lacked) {
      return Optional.empty();
    }
    lacked = lacks;
    String what =
        "%s that it must keep to pay for the gas of closing %s"
            .formatted(Figures.coins(wanted), channels == 1 ? "1 channel" : channels + " channels");
    return Optional.of(
        lacks
            ? "the account %s has %s of the %s: pay to it"
                .formatted(Eip55.write(account), Figures.coins(held), what)
            : "the account %s has the %s again".formatted(Eip55.write(account), what));
  }
}
