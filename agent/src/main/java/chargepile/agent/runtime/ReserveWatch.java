package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.Wallet;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.tinylog.Logger;

/**
 * Tells when a wallet begins or ceases to lack what it must keep for its channels: looks when the
 * chain changes, at most once a minute. Thread-safe.
 */
public final class ReserveWatch implements AutoCloseable {
  private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

  private final Purse purse;
  private final IntSupplier channels;
  private final Executor chainThread;
  private final Time time;
  private final Consumer<String> alerts;
  private final AutoCloseable subscription;
  private final AtomicBoolean asked = new AtomicBoolean();

  /** Of the chain's thread, as is what follows. */
  private boolean looked;

  private long lookedAt;

  /** What pays fees, asked on the chain's thread. */
  @FunctionalInterface
  public interface Purse {
    /**
     * What a person should be told when it begins or ceases to lack what it must keep; empty while
     * that stays as it was.
     *
     * @param channels that are not finished
     * @throws ChainException when it can't be asked what it holds
     */
    Optional<String> look(int channels);
  }

  /** A wallet that keeps a reserve. */
  private static final class FeePurse implements Purse {
    private final Wallet wallet;
    private final FeeReserve reserve;

    /** What was missing at the last look. */
    private Satoshi missing = Satoshi.ZERO;

    FeePurse(Wallet wallet, FeeReserve reserve) {
      this.wallet = wallet;
      this.reserve = reserve;
    }

    @Override
    public Optional<String> look(int channels) {
      Satoshi balance = wallet.balance();
      Optional<String> alert = reserve.alert(missing, balance, channels);
      missing = reserve.missing(balance, channels);
      return alert;
    }
  }

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
    this(chain::onChange, new FeePurse(wallet, reserve), channels, chainThread, time, alerts);
  }

  /**
   * Looks now, too.
   *
   * @param changes begins to tell of them; closing what it gives ends that
   */
  public ReserveWatch(
      Function<Runnable, AutoCloseable> changes,
      Purse purse,
      IntSupplier channels,
      Executor chainThread,
      Time time,
      Consumer<String> alerts) {
    this.purse = purse;
    this.channels = channels;
    this.chainThread = chainThread;
    this.time = time;
    this.alerts = alerts;
    this.subscription = changes.apply(this::changed);
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
      purse.look(open).ifPresent(alerts);
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
