package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.Set;

/**
 * A certificate and its key in a folder, {@code NAME.pem} for all to read (0644) and {@code
 * NAME.key} for the owner alone (0600). Nothing is ever overwritten.
 */
record CertificateFiles(Path certificate, Path key) {
  private static final String ALL_READ = "rw-r--r--";
  private static final String OWNER_ONLY = "rw-------";

  static CertificateFiles of(Path folder, String name) {
    return new CertificateFiles(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  /** Throws when one of them is there. */
  void requireNew() throws CommandFailedException {
    for (Path file : new Path[] {key, certificate}) {
      if (Files.exists(file)) {
        throw taken(file);
      }
    }
  }

  /** Writes both, or neither. */
  void write(byte[] der, PrivateKey secret) throws CommandFailedException {
    requireNew();
    create(key, Pem.text("PRIVATE KEY", secret.getEncoded()), OWNER_ONLY);
    try {
      create(certificate, Pem.text("CERTIFICATE", der), ALL_READ);
    } catch (CommandFailedException e) {
      try {
        Files.delete(key);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private static void create(Path file, String text, String mode) throws CommandFailedException {
    try {
      // Nobody else may read it, not even for a moment.
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
      try (var out =
          Files.newByteChannel(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.SYNC))) {
        var left = StandardCharsets.US_ASCII.encode(text);
        while (left.hasRemaining()) {
          out.write(left);
        }
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    } catch (FileAlreadyExistsException e) {
      throw taken(file);
    } catch (IOException e) {
      throw new CommandFailedException("%s can't be written: %s".formatted(file, e), e);
    }
  }

  private static CommandFailedException taken(Path file) {
    return new CommandFailedException(
        ("%s is already there and stays as it is; for a new one move it and its pair to another"
                + " place first")
            .formatted(file));
  }
}
