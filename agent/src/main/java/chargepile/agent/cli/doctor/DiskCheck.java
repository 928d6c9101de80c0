package chargepile.agent.cli.doctor;

import chargepile.agent.cli.Figures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Room for the store, in a folder that the daemon may write, on a disk that takes it. */
final class DiskCheck implements Check {
  /** The store with its log and a journal of years is smaller. */
  static final long ENOUGH = 200_000_000;

  /** Below it a full disk is a matter of hours. */
  static final long LITTLE = 20_000_000;

  private static final int PROBE_BYTES = 4096;

  private final Subject subject;

  DiskCheck(Subject subject) {
    this.subject = subject;
  }

  /**
   * What was seen.
   *
   * @param missing whether the folder is to be made by the first start; {@code looked} is then the
   *     folder above
   * @param problem why a file could not be written and synced there; empty when it could
   * @param open to others than its owner
   */
  record Seen(
      Path folder,
      boolean missing,
      Path looked,
      long usable,
      boolean readOnly,
      Optional<String> problem,
      boolean open) {}

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public List<Finding> look() throws IOException {
    Path folder = subject.folder();
    Path looked = folder;
    while (!Files.exists(looked)) {
      looked = looked.resolve("..").normalize();
    }
    FileStore disk = Files.getFileStore(looked);
    boolean readOnly =
        disk.isReadOnly()
            || Mount.of(subject.machine(), looked.toRealPath()).filter(Mount::readOnly).isPresent();
    return judge(
        new Seen(
            folder,
            !looked.equals(folder),
            looked,
            disk.getUsableSpace(),
            readOnly,
            readOnly ? Optional.of("read-only file system") : probe(looked),
            looked.equals(folder) && isOpen(folder)),
        subject.machine().user());
  }

  /** Writes a file of its own as the store does, and takes it away. */
  private static Optional<String> probe(Path folder) {
    Path file = folder.resolve(".doctor-%d".formatted(ProcessHandle.current().pid()));
    try {
      try (FileChannel out =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer left = ByteBuffer.allocate(PROBE_BYTES);
        while (left.hasRemaining()) {
          out.write(left);
        }
        out.force(true);
      } finally {
        Files.deleteIfExists(file);
      }
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of("permission denied");
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isOpen(Path folder) throws IOException {
    return Files.getPosixFilePermissions(folder).stream()
        .anyMatch(
            permission ->
                permission != PosixFilePermission.OWNER_READ
                    && permission != PosixFilePermission.OWNER_WRITE
                    && permission != PosixFilePermission.OWNER_EXECUTE);
  }

  static List<Finding> judge(Seen seen, String user) {
    List<Finding> findings = new ArrayList<>();
    if (seen.problem().isPresent()) {
      findings.add(
          Finding.fail(
              "%s can't be written by %s: %s".formatted(seen.looked(), user, seen.problem().get()),
              seen.readOnly()
                  ? "the kernel makes a failing medium read-only: see dmesg, then remount it"
                      + " (mount -o remount,rw) or replace it"
                  : "run this as the daemon's user (sudo -u chargepile chargepile doctor …); if"
                      + " that may not either: chown chargepile "
                      + seen.folder()));
    } else {
      findings.add(
          seen.missing()
              ? Finding.ok("%s is not there yet: the first start makes it".formatted(seen.folder()))
              : Finding.ok("takes and syncs what is written: %s".formatted(seen.folder())));
    }
    findings.add(space(seen));
    if (seen.open()) {
      findings.add(
          Finding.warn(
              "%s is open to other users".formatted(seen.folder()), "chmod 700 " + seen.folder()));
    }
    return findings;
  }

  private static Finding space(Seen seen) {
    String what = "%s free at %s".formatted(Figures.bytes(seen.usable()), seen.looked());
    if (seen.usable() < LITTLE) {
      return Finding.fail(
          what, "free some space: with a full disk the contactor opens and nothing is sold");
    }
    return seen.usable() < ENOUGH
        ? Finding.warn(what, "free some space, %s or more".formatted(Figures.bytes(ENOUGH)))
        : Finding.ok(what);
  }
}
