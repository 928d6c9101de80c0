package chargepile.agent.cli.node;

import chargepile.agent.store.Snapshot;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stays the same while any channel is unfinished: the height below which no block says
 * anything of the channels, and the script that their money goes to. Kept in a file of one line.
 */
public record ChannelsBegin(BlockHeight scanFrom, ByteVector closingScript) {
  private static final Pattern LINE = Pattern.compile("([0-9]{1,9}) ([0-9a-f]{44,68})\\s*");

  /**
   * The kept one; empty when every channel is finished, so that a new one should be made.
   *
   * @throws IOException when it can't be read, or is damaged
   */
  static Optional<ChannelsBegin> read(Path file, Snapshot store) throws IOException {
    if (store.channels().stream().allMatch(row -> row.stage().equals("Closed"))) {
      return Optional.empty();
    }
    return Optional.of(
        last(file)
            .orElseThrow(
                () ->
                    new IOException(
                        file
                            + " is missing, but there are channels: write into it the height at"
                            + " which the oldest began, a space, and the hex of a script of the"
                            + " wallet's")));
  }

  /**
   * What was kept last, be the channels finished or not: searching from there finds more than is
   * needed. Empty when there is no file.
   *
   * @throws IOException when it can't be read, or is damaged
   */
  static Optional<ChannelsBegin> last(Path file) throws IOException {
    String line;
    try {
      line = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Matcher form = LINE.matcher(line);
    if (!form.matches()) {
      throw new IOException(
          file + " is damaged: it must hold a block's height, a space, and the hex of a script");
    }
    return Optional.of(
        new ChannelsBegin(
            new BlockHeight(Integer.parseInt(form.group(1))), new ByteVector(form.group(2))));
  }

  /** Puts it on the disk. */
  public void write(Path file) throws IOException {
    String line = "%d %s%n".formatted(scanFrom.value(), closingScript.toHex());
    DurableFile.write(file, line.getBytes(StandardCharsets.US_ASCII));
  }
}
