package chargepile.agent.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A file system in the tree of files (proc_pid_mountinfo(5)).
 *
 * @param device as the kernel numbers it: {@code 179:2}
 * @param readOnly whether the mount or its file system is
 */
record Mount(String device, Path point, boolean readOnly, String type, String source) {
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /** The one that {@code path}, which must be absolute, lies in; the last of equals covers. */
  static Optional<Mount> of(Machine machine, Path path) throws IOException {
    Path self = machine.at("proc/self/mountinfo");
    return Files.isReadable(self) ? find(Files.readAllLines(self), path) : Optional.empty();
  }

  static Optional<Mount> find(List<String> mountinfo, Path path) {
    return mountinfo.stream()
        .map(Mount::read)
        .flatMap(Optional::stream)
        .filter(mount -> path.startsWith(mount.point()))
        .reduce((one, other) -> deepest().compare(one, other) > 0 ? one : other);
  }

  private static Comparator<Mount> deepest() {
    return Comparator.comparingInt(mount -> mount.point().getNameCount());
  }

  /** {@code 36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/root rw}. */
  private static Optional<Mount> read(String line) {
    String[] halves = line.split(" - ", 2);
    String[] fields = halves[0].split(" ", -1);
    if (halves.length < 2 || fields.length < 6) {
      return Optional.empty();
    }
    String[] system = halves[1].split(" ", -1);
    boolean readOnly = isReadOnly(fields[5]) || (system.length > 2 && isReadOnly(system[2]));
    return Optional.of(
        new Mount(
            fields[2],
            Path.of(unescaped(fields[4])),
            readOnly,
            system[0],
            system.length > 1 ? unescaped(system[1]) : ""));
  }

  private static boolean isReadOnly(String options) {
    return Arrays.asList(options.split(",", -1)).contains("ro");
  }

  private static String unescaped(String text) {
    return OCTAL
        .matcher(text)
        .replaceAll(
            (MatchResult octal) -> String.valueOf((char) Integer.parseInt(octal.group(1), 8)));
  }
}
