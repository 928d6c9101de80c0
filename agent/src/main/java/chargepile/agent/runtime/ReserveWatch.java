package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.Wallet;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.tinylog.Logger;

/**
 * Tells when a wallet begins or ceases to lack what it must keep for its channels: looks when the
 * chain changes, at most once a minute. Thread-safe.
 */
public final class ReserveWatch implements AutoCloseable {
  private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

  private final Wallet wallet;
  private final FeeReserve reserve;
  private final IntSupplier channels;
  private final Executor chainThread;
  private final Time time;
  private final Consumer<String> alerts;
  private final AutoCloseable subscription;
  private final AtomicBoolean asked = new AtomicBoolean();

  /** What was missing at the last look; of the chain's thread, as is all that follows. */
  private Satoshi missing = Satoshi.ZERO;

  private boolean looked;
  private long lookedAt;

  /**
   * Looks now, too.
   *
   * @param channels how many channels there are that are not finished; asked on the chain's thread
   * @param chainThread waits for chain and wallet, one task at a time
   * @param alerts told on the chain's thread
   */
  public ReserveWatch(
      Chain chain,
      Wallet wallet,
      FeeReserve reserve,
      IntSupplier channels,
      Executor chainThread,
      Time time,
      Consumer<String> alerts) {
    this.wallet = wallet;
    this.reserve = reserve;
    this.channels = channels;
    this.chainThread = chainThread;
    this.time = time;
    this.alerts = alerts;
    this.subscription = chain.onChange(this::changed);
    changed();
  }

  private void changed() {
    if (asked.compareAndSet(false, true)) {
      chainThread.execute(this::look);
    }
  }

  private void look() {
    asked.set(false);
    long now = time.nanos();
    if (looked && now - lookedAt < INTERVAL_NANOS) {
      return;
    }
    looked = true;
    lookedAt = now;
    int open = channels.getAsInt();
    try {
      Satoshi balance = wallet.balance();
      reserve.alert(missing, balance, open).ifPresent(alerts);
      missing = reserve.missing(balance, open);
    } catch (ChainException e) {
      // That the chain is away is told elsewhere; its return is a change.
      Logger.debug("the wallet can't be asked what it holds: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      subscription.close();
    } catch (Exception e) {
      Logger.warn(e, "while stopping: {}", e.getMessage());
    }
  }
}
