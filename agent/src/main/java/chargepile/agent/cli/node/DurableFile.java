package chargepile.agent.cli.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Small files that are there whole or not at all, whenever the power is cut. */
public final class DurableFile {
  static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private DurableFile() {}

  /**
   * Puts {@code content} on the disk, in place of what was there, for the owner's eyes only.
   *
   * @throws FileSystemException with the file's name, when that can't be done
   */
  public static void write(Path file, byte[] content) throws FileSystemException {
    try {
      put(file, content);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // What a channel throws does not know its file.
      FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  private static void put(Path file, byte[] content) throws IOException {
    Path target = file.toAbsolutePath();
    Path whole = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(whole);
    try (FileChannel out =
        FileChannel.open(
            whole,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(target.resolveSibling("."))) {
      folder.force(true);
    }
  }
}
