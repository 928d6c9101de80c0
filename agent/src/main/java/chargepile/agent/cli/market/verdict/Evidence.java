package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What shows that a party was harmed; {@code sha256sum} says the same of it. */
final class Evidence {
  private Evidence() {}

  /** SHA-256 of a file of any length. */
  static ByteVector32 hash(Path file) throws CommandFailedException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream digesting = new DigestInputStream(in, sha)) {
        digesting.transferTo(OutputStream.nullOutputStream());
      }
      return new ByteVector32(sha.digest());
    } catch (IOException e) {
      throw new CommandFailedException("the evidence %s can't be read: %s".formatted(file, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
