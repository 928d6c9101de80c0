package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two commands from deploying out of one folder at one time. */
public final class DeploymentLock implements AutoCloseable {
  private final FileChannel file;

  private DeploymentLock(FileChannel file) {
    this.file = file;
  }

  public static DeploymentLock take(Path folder) throws CommandFailedException, IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (locked(file) == null) {
      file.close();
      throw new CommandFailedException(
          "another command is at work in %s: wait until it is done".formatted(folder));
    }
    return new DeploymentLock(file);
  }

  private static @Nullable FileLock locked(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by this very program
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
