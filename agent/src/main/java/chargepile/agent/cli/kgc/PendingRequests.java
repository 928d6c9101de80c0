package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.ArmoredFile;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * Requests that wait for the operator, a file each, named by their SHA-256. They are no part of the
 * register: whoever can reach the broker can leave one, so there is room for a few only.
 *
 * <p>Whoever has one holds the folder's lock.
 */
final class PendingRequests {
  /** More than an operator looks through. */
  static final int MOST = 100;

  private static final String SUFFIX = ".request";

  private final Path folder;

  PendingRequests(Path folder) {
    this.folder = folder.resolve("pending");
  }

  /** Keeps a request; whether there was room, or it was there already. */
  boolean add(ByteVector request) throws IOException, CommandFailedException {
    Path file = file(request.sha256());
    if (Files.exists(file)) {
      return true;
    }
    if (count() >= MOST) {
      return false;
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ArmoredFile.write(file, ArmoredFile.Kind.REQUEST, request);
    return true;
  }

  int count() throws IOException {
    return files().size();
  }

  /** All that wait, oldest first. */
  List<ByteVector> all() throws IOException {
    List<ByteVector> requests = new ArrayList<>();
    for (Path file : files().stream().sorted(PendingRequests::byAge).toList()) {
      read(file).ifPresent(requests::add);
    }
    return requests;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    }
  }

  /** Forgets a request, which was decided. */
  void remove(ByteVector request) throws IOException {
    Files.deleteIfExists(file(request.sha256()));
  }

  /** A file that holds something else is left alone, and told. */
  private Optional<ByteVector> read(Path file) {
    try {
      ByteVector request = ArmoredFile.read(file, ArmoredFile.Kind.REQUEST);
      if (file.equals(file(request.sha256()))) {
        return Optional.of(request);
      }
      Logger.warn("{} holds another request than its name says: it is not used", file);
    } catch (CommandFailedException e) {
      Logger.warn("{}: it is not used", e.getMessage());
    }
    return Optional.empty();
  }

  private static int byAge(Path a, Path b) {
    try {
      int order = Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b));
      return order == 0 ? a.compareTo(b) : order;
    } catch (IOException e) {
      return a.compareTo(b);
    }
  }

  private Path file(ByteVector32 digest) {
    return folder.resolve(digest.toHex() + SUFFIX);
  }
}
