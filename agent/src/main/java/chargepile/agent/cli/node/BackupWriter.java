package chargepile.agent.cli.node;

import chargepile.agent.channel.codec.ChannelBackup;
import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tinylog.Logger;

/**
 * Writes the backup of a node's channels whenever they change, on a thread of its own: a slow or
 * full disk delays no payment. What could not be written is tried again until it is. What changes
 * while the disk rests is written together at the end of the rest, or of the program.
 *
 * @param <E> what a backup keeps of a channel
 */
public final class BackupWriter<E> implements AutoCloseable {
  /**
   * Between two backups of vouchers, which change with every payment: a medium that wears lasts,
   * and who loses the store lacks the payments of some seconds.
   */
  public static final Duration VOUCHER_REST = Duration.ofSeconds(5);

  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final long CLOSING_SECONDS = 5;

  /** What a backup says of the node itself. */
  public interface Owner<E> {
    ByteVector32 seed();

    /**
     * A backup of these channels as things are now.
     *
     * @throws IOException when what it needs besides can't be read
     */
    NodeBackup backup(List<E> channels, Instant now) throws IOException;
  }

  /**
   * A node with penalty channels.
   *
   * @param begin the file of the {@link ChannelsBegin}
   * @param address of the pile
   */
  public record OnBitcoin(
      boolean metering,
      PublicKey node,
      ByteVector32 chainHash,
      Path begin,
      Optional<String> address,
      ByteVector32 seed)
      implements Owner<ChannelBackup.Entry> {
    @Override
    public NodeBackup backup(List<ChannelBackup.Entry> channels, Instant now) throws IOException {
      ChannelsBegin kept =
          ChannelsBegin.last(begin).orElseThrow(() -> new IOException(begin + " is missing"));
      return new NodeBackup.OfPenalties(
          new ChannelBackup(
              metering,
              node,
              chainHash,
              now,
              kept.scanFrom(),
              kept.closingScript(),
              address,
              channels));
    }

    /** For logs: without the seed. */
    @Override
    public String toString() {
      return "owner of the backup: " + node;
    }
  }

  /**
   * A node with voucher channels.
   *
   * @param ledger as {@code NodeLedger#id} says it
   * @param address of the pile
   */
  public record OnEvm(
      boolean metering,
      PublicKey node,
      ByteVector32 ledger,
      Optional<String> address,
      ByteVector32 seed)
      implements Owner<VoucherBackup.Entry> {
    @Override
    public NodeBackup backup(List<VoucherBackup.Entry> channels, Instant now) {
      return new NodeBackup.OfVouchers(
          new VoucherBackup(metering, node, ledger, now, address, channels));
    }

    /** For logs: without the seed. */
    @Override
    public String toString() {
      return "owner of the backup: " + node;
    }
  }

  private final Path file;
  private final Owner<E> owner;
  private final Duration rest;
  private final Duration retry;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("backup").daemon().factory());

  /** Of the caller's thread. */
  private Optional<List<E>> last = Optional.empty();

  /** Of the own thread: whether a write is waited for. */
  private boolean waits;

  /** Of the own thread; empty before the first. */
  private Optional<List<E>> written = Optional.empty();

  private volatile Optional<List<E>> wanted = Optional.empty();

  /**
   * @param rest after a write that succeeded; zero for none
   */
  public BackupWriter(Path file, Owner<E> owner, Duration rest) {
    this(file, owner, rest, RETRY);
  }

  /**
   * @param retry after a write that failed
   */
  BackupWriter(Path file, Owner<E> owner, Duration rest, Duration retry) {
    this.file = file;
    this.owner = owner;
    this.rest = rest;
    this.retry = retry;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Tells which channels there are; returns at once. Always called from one thread at a time. */
  public void channels(List<E> now) {
    if (last.filter(now::equals).isEmpty()) {
      last = Optional.of(now);
      wanted = last;
      try {
        thread.execute(this::writeUnlessWaiting);
      } catch (RejectedExecutionException e) {
        Logger.warn("the backup {} was not written any more: the program ends", file);
      }
    }
  }

  private void writeUnlessWaiting() {
    if (!waits) {
      write();
    }
  }

  private void write() {
    waits = false;
    List<E> channels = wanted.orElseThrow();
    if (written.filter(channels::equals).isPresent()
        || (channels.isEmpty() && !Files.exists(file))) {
      return; // it is there, or there never was a channel
    }
    try {
      BackupFile.write(file, owner.backup(channels, Instant.now()), owner.seed());
      if (written.filter(before -> before.size() == channels.size()).isEmpty()) {
        Logger.info("backup of {} channels written to {}", channels.size(), file);
      }
      written = Optional.of(channels);
      if (rest.isPositive()) {
        again(rest);
      }
    } catch (IOException e) {
      Logger.warn(
          "the backup {} can't be written, and is tried again every {} s until it is: {}",
          file,
          retry.toSeconds(),
          e.toString());
      again(retry);
    } catch (RuntimeException e) {
      Logger.error(
          e,
          "the backup {} can't be written by a fault of this program, and is tried again every {}"
              + " s: keep the store, and report this",
          file,
          retry.toSeconds());
      again(retry);
    }
  }

  /** Those who change often are not tried with every change meanwhile. */
  private void again(Duration after) {
    try {
      var unused = thread.schedule(this::write, after.toMillis(), TimeUnit.MILLISECONDS);
      waits = rest.isPositive();
    } catch (RejectedExecutionException e) {
      Logger.debug("the program ends, and with it the writing of {}", file);
    }
  }

  /** Writes what is not, and waits a little for that. */
  @Override
  public void close() {
    try {
      if (last.isPresent()) {
        thread.submit(this::write).get(CLOSING_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Logger.warn("the backup {} may lack the latest channels: {}", file, e.toString());
    } finally {
      thread.shutdown();
    }
  }
}
