package chargepile.agent.cli.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.RevocationList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tinylog.Logger;

/**
 * Remembers the highest number of a KGC's revocation list that a device used, so that an older one,
 * in which a revoked certificate is missing, is not taken for the newest.
 */
final class SeenList {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18})");

  private final Path file;
  private final KgcParameters parameters;

  SeenList(Path file, KgcParameters parameters) {
    this.file = file;
    this.parameters = parameters;
  }

  /** Refuses a list with a lower number than one before, and remembers a higher one. */
  void requireNoOlder(Optional<RevocationList> list) throws CommandFailedException {
    long known = known();
    if (list.isEmpty()) {
      if (known > 0) {
        Logger.warn(
            "there is no revocation list, and list {} of {} was in use: revoked certificates are"
                + " not noticed; get the newest from the centre",
            known,
            parameters.name());
      }
      return;
    }
    long number = list.get().number();
    if (number < known) {
      throw new CommandFailedException(
          "the revocation list is number %d of %s, and number %d was in use already: get the newest from the centre"
              .formatted(number, parameters.name(), known));
    }
    Logger.info(
        "revocation list {} of {} is {} days old",
        number,
        parameters.name(),
        Duration.between(list.get().issued(), Instant.now()).toDays());
    if (number > known) {
      remember(number);
    }
  }

  /** 0 when none is known of this centre. */
  private long known() throws CommandFailedException {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      Matcher seen = FORM.matcher(Files.readString(file).strip());
      if (!seen.matches()) {
        throw new CommandFailedException(
            "%s can't be read: make sure that the revocation list is the newest, and remove that file"
                .formatted(file));
      }
      return seen.group(1).equals(parameters.id().toHex()) ? Long.parseLong(seen.group(2)) : 0;
    } catch (IOException e) {
      throw new CommandFailedException("%s can't be read: %s".formatted(file, e), e);
    }
  }

  private void remember(long number) {
    try {
      DurableFile.write(file, "%s %d\n".formatted(parameters.id().toHex(), number).getBytes(UTF_8));
    } catch (IOException e) {
      Logger.warn("{} can't be written, so an older revocation list will be taken: {}", file, e);
    }
  }
}
