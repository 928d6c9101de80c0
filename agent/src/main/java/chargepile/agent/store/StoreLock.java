package chargepile.agent.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write a store: one process at a time, one store object at a time. SQLite's own
 * exclusive mode would shut out readers too, and an inspection should work beside the daemon.
 *
 * <p>The lock file stays when the lock is given back: to delete it would let two processes lock two
 * files of the same name. The kernel gives the lock back when the process ends in any way.
 */
final class StoreLock implements AutoCloseable {
  /**
   * Asked before the file is opened: a POSIX lock is lost as soon as its process closes any channel
   * to the file, even one that never had the lock.
   */
  private static final Set<Path> HELD_BY_THIS_PROCESS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private StoreLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock on {@code file} (a canonical path), or says who has it. */
  static StoreLock take(Path file) {
    if (!HELD_BY_THIS_PROCESS.add(file)) {
      throw inUse(file, "this process, " + ProcessHandle.current().pid());
    }
    try {
      return new StoreLock(file, lock(file));
    } catch (RuntimeException e) {
      HELD_BY_THIS_PROCESS.remove(file);
      throw e;
    }
  }

  private static FileChannel lock(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw inUse(file, "process " + Files.readString(lockFile).strip());
        }
        channel.truncate(0);
        String pid = ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        return channel;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException(
          "%s can't be locked: %s. Check that this user may write the directory"
              .formatted(lockFile, e),
          e);
    }
  }

  private static StoreException inUse(Path file, String who) {
    return new StoreException(
        "another chargepile is using %s (%s): stop it, or give this one a store of its own"
            .formatted(file, who));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("%s could not be unlocked: %s".formatted(file, e), e);
    } finally {
      HELD_BY_THIS_PROCESS.remove(file);
    }
  }
}
