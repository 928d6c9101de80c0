package chargepile.agent.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How worn the eMMC or SD card under the store says it is (JEDEC eMMC 5.0, extended CSD). */
final class MediumCheck implements Check {
  /** In tenths of the life, each register counts up to 10; 11 is past its end. */
  private static final int WORN = 9;

  private static final int PAST_END = 11;
  private static final int RESERVE_LOW = 2;
  private static final int RESERVE_URGENT = 3;

  private final Subject subject;

  MediumCheck(Subject subject) {
    this.subject = subject;
  }

  /**
   * What the medium says; 0 where it says nothing.
   *
   * @param life the greater of the two {@code life_time} registers
   * @param reserve {@code pre_eol_info}
   */
  record Health(String disk, int life, int reserve) {}

  @Override
  public String name() {
    return "medium";
  }

  @Override
  public List<Finding> look() throws IOException {
    Path folder = subject.folder();
    while (!Files.exists(folder)) {
      folder = folder.resolve("..").normalize();
    }
    Optional<Mount> mount = Mount.of(subject.machine(), folder.toRealPath());
    if (mount.isEmpty()) {
      return List.of(
          Finding.skipped("the kernel does not say on which disk %s is".formatted(folder)));
    }
    return List.of(judge(mount.get(), health(subject.machine(), mount.get().device())));
  }

  /** Empty when the file system is on no disk of its own. */
  static Optional<Health> health(Machine machine, String device) throws IOException {
    Path block = machine.at("sys/dev/block").resolve(device);
    if (!Files.exists(block)) {
      return Optional.empty();
    }
    Path disk = block.toRealPath();
    if (Files.exists(disk.resolve("partition"))) {
      disk = disk.resolve("..").toRealPath();
    }
    return Optional.of(
        new Health(
            String.valueOf(disk.getFileName()),
            greatest(disk.resolve("device/life_time")),
            greatest(disk.resolve("device/pre_eol_info"))));
  }

  /** {@code 0x01 0x02}. */
  private static int greatest(Path file) {
    int greatest = 0;
    try {
      for (String word : Files.readString(file).strip().split("\\s+", -1)) {
        greatest = Math.max(greatest, Integer.decode(word));
      }
    } catch (IOException | NumberFormatException e) {
      return 0; // media other than eMMC have no such file
    }
    return greatest;
  }

  static Finding judge(Mount mount, Optional<Health> health) {
    if (health.isEmpty()) {
      return Finding.skipped(
          "%s (%s) is on no disk that says how it is".formatted(mount.point(), mount.type()));
    }
    Health said = health.get();
    if (said.life() == 0 && said.reserve() == 0) {
      return Finding.skipped("%s does not say how worn it is".formatted(said.disk()));
    }
    List<String> parts = new ArrayList<>();
    if (said.life() > 0) {
      parts.add(
          said.life() >= PAST_END
              ? "past the end of its life"
              : "%d to %d %% of its life used".formatted(10 * (said.life() - 1), 10 * said.life()));
    }
    if (said.reserve() > 0) {
      parts.add(
          said.reserve() >= RESERVE_URGENT
              ? "almost no spare blocks"
              : said.reserve() == RESERVE_LOW ? "few spare blocks" : "spare blocks enough");
    }
    String what = "%s: %s".formatted(said.disk(), String.join(", ", parts));
    if (said.life() >= PAST_END || said.reserve() >= RESERVE_URGENT) {
      return Finding.fail(
          what,
          "replace it now: stop the daemon, and move the store (never copy it back) to a new one");
    }
    return said.life() >= WORN || said.reserve() == RESERVE_LOW
        ? Finding.warn(what, "have a new one ready, and keep the backup on another medium")
        : Finding.ok(what);
  }
}
