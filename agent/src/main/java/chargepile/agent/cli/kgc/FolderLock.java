package chargepile.agent.cli.kgc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the operator's commands and a serving KGC from working on a folder at one time. Whoever
 * comes second waits; nobody holds it for longer than one thing takes.
 */
final class FolderLock implements AutoCloseable {
  static final String NAME = "lock";

  /** A file's lock is the whole program's, so its threads need another. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  static FolderLock take(Path folder) throws IOException, InterruptedException {
    THREADS.lockInterruptibly();
    try {
      FileChannel file =
          FileChannel.open(
              folder.resolve(NAME),
              EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        file.lock();
        return new FolderLock(file);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      THREADS.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      THREADS.unlock();
    }
  }
}
