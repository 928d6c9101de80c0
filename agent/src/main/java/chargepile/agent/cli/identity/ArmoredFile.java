package chargepile.agent.cli.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.cli.node.Pem;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes in a text file, between lines that say what they are (RFC 7468); what stands outside of
 * these lines is for people. A file holds one thing.
 */
public final class ArmoredFile {
  /** More than any of them has. */
  static final long LARGEST = 1 << 20;

  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z ]{1,64})-----\\s([A-Za-z0-9+/=\\s]{1,1048576}+)-----END \\1-----");

  private ArmoredFile() {}

  /** What a file may hold. */
  public enum Kind {
    PARAMETERS("CHARGEPILE KGC PARAMETERS", "the public parameters of a KGC"),
    REQUEST("CHARGEPILE REGISTRATION REQUEST", "a request to be registered"),
    REPLY("CHARGEPILE REGISTRATION REPLY", "a KGC's reply to a request"),
    CERTIFICATE("CHARGEPILE CERTIFICATE", "a certificate of a KGC"),
    REVOCATIONS("CHARGEPILE REVOCATION LIST", "a revocation list of a KGC"),
    SETTLEMENT("CHARGEPILE SETTLEMENT CERTIFICATE", "a settlement certificate");

    private final String label;
    private final String what;

    Kind(String label, String what) {
      this.label = label;
      this.what = what;
    }

    /** For messages. */
    public String what() {
      return what;
    }
  }

  /** The text of {@code bytes} as a file has it. */
  public static String text(Kind kind, ByteVector bytes) {
    return Pem.text(kind.label, bytes.toByteArray());
  }

  /** Puts {@code bytes} on the disk for all to read; whole or not at all when the power is cut. */
  public static void write(Path file, Kind kind, ByteVector bytes) throws CommandFailedException {
    try {
      DurableFile.write(file, text(kind, bytes).getBytes(US_ASCII));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException e) {
      throw new CommandFailedException("%s can't be written: %s".formatted(file, e), e);
    }
  }

  /** The bytes in a file that must hold a {@code kind}. */
  public static ByteVector read(Path file, Kind kind) throws CommandFailedException {
    String text;
    try {
      if (Files.isDirectory(file)) {
        throw new CommandFailedException(
            "%s is a folder: give the file with %s".formatted(file, kind.what));
      }
      if (Files.size(file) > LARGEST) {
        throw new CommandFailedException("%s is too large to be %s".formatted(file, kind.what));
      }
      text = new String(Files.readAllBytes(file), UTF_8);
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(
          "%s is not there; it should be %s".formatted(file, kind.what), e);
    } catch (IOException e) {
      throw new CommandFailedException("%s can't be read: %s".formatted(file, e), e);
    }
    return parse(text, kind, file.toString());
  }

  /**
   * The bytes in {@code text}.
   *
   * @param where named in messages
   */
  public static ByteVector parse(String text, Kind kind, String where)
      throws CommandFailedException {
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) {
      throw new CommandFailedException(
          "%s is not %s: it has no lines BEGIN %s and END, or is cut off"
              .formatted(where, kind.what, kind.label));
    }
    if (!block.group(1).equals(kind.label)) {
      throw new CommandFailedException(
          "%s is not %s: it is a %s".formatted(where, kind.what, block.group(1)));
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(block.group(2).replaceAll("\\s", ""));
      if (block.find()) {
        throw new CommandFailedException(where + " holds more than one thing: keep them apart");
      }
      return new ByteVector(bytes);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s is damaged: %s".formatted(where, e.getMessage()), e);
    }
  }
}
