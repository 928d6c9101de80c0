package chargepile.agent.cli.node;

import chargepile.agent.channel.codec.ChannelBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;

/**
 * Writes the backup of a node's channels whenever one is opened or settled, on a thread of its own:
 * a slow or full disk delays no payment. What could not be written is tried again until it is.
 */
public final class BackupWriter implements AutoCloseable {
  private static final long RETRY_SECONDS = 60;
  private static final long CLOSING_SECONDS = 5;

  /**
   * What a backup says of the node itself.
   *
   * @param begin the file of the {@link ChannelsBegin}
   * @param address of the pile
   */
  public record Owner(
      boolean metering,
      PublicKey node,
      ByteVector32 chainHash,
      Path begin,
      Optional<String> address,
      ByteVector32 seed) {
    @Override
    public String toString() {
      return "owner of the backup: " + node;
    }

    /**
     * A backup of these channels as things are now.
     *
     * @throws IOException when the file of the {@link ChannelsBegin} can't be read, or is missing
     */
    public ChannelBackup backup(List<ChannelBackup.Entry> channels, Instant now)
        throws IOException {
      ChannelsBegin kept =
          ChannelsBegin.last(begin).orElseThrow(() -> new IOException(begin + " is missing"));
      return new ChannelBackup(
          metering, node, chainHash, now, kept.scanFrom(), kept.closingScript(), address, channels);
    }
  }

  private final Path file;
  private final Owner owner;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("backup").daemon().factory());

  /** Of the caller's thread. */
  private Optional<List<ChannelBackup.Entry>> last = Optional.empty();

  /** Of the own thread. */
  private List<ChannelBackup.Entry> written = List.of();

  private volatile List<ChannelBackup.Entry> wanted = List.of();

  public BackupWriter(Path file, Owner owner) {
    this.file = file;
    this.owner = owner;
  }

  /** Tells which channels there are; returns at once. Always called from one thread at a time. */
  public void channels(List<ChannelBackup.Entry> now) {
    if (last.filter(now::equals).isEmpty()) {
      last = Optional.of(now);
      wanted = now;
      try {
        thread.execute(() -> write(now));
      } catch (RejectedExecutionException e) {
        Logger.warn("the backup {} was not written any more: the program ends", file);
      }
    }
  }

  private void write(List<ChannelBackup.Entry> channels) {
    if (channels != wanted) {
      return; // newer ones wait behind
    }
    if (channels.isEmpty() && !Files.exists(file)) {
      return; // there never was a channel
    }
    try {
      BackupFile.write(file, owner.backup(channels, Instant.now()), owner.seed());
      if (!channels.equals(written)) {
        Logger.info("backup of {} channels written to {}", channels.size(), file);
      }
      written = channels;
    } catch (IOException e) {
      Logger.warn(
          "the backup {} can't be written, and is tried again every {} s until it is: {}",
          file,
          RETRY_SECONDS,
          e.toString());
      try {
        var unused = thread.schedule(() -> write(channels), RETRY_SECONDS, TimeUnit.SECONDS);
      } catch (RejectedExecutionException ended) {
        Logger.warn("the backup {} was not written any more: the program ends", file);
      }
    }
  }

  /** Waits a little for what is being written. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        Logger.warn("the backup {} may lack the latest channels: the disk did not answer", file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
