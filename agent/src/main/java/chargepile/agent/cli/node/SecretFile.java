package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a password and nothing else. */
public final class SecretFile {
  private SecretFile() {}

  /** Its text, without the line's end. */
  public static String read(Path file) throws CommandFailedException {
    String text;
    try {
      text = Files.readString(file).stripTrailing();
    } catch (IOException e) {
      throw new CommandFailedException(
          "the password file %s can't be read: %s".formatted(file, e), e);
    }
    if (text.isEmpty() || text.lines().count() != 1) {
      throw new CommandFailedException(file + " must hold one line: the password");
    }
    return text;
  }
}
