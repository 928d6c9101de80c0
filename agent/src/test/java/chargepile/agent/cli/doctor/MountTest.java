package chargepile.agent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTest {
  private static final List<String> LINES =
      List.of(
          "22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw",
          "30 22 8:1 / /mnt/usb\\040stick rw,nosuid - vfat /dev/sda1 ro,uid=0",
          "31 22 0:30 / /var/lib rw - tmpfs tmpfs rw",
          "32 31 179:3 /x /var/lib/chargepile ro,noatime - ext4 /dev/mmcblk0p3 rw",
          "nonsense");

  private static Mount find(String path) {
    return Mount.find(LINES, Path.of(path)).orElseThrow();
  }

  @Test
  void theDeepestThatHoldsThePathCounts() {
    assertEquals("179:2", find("/var/libre").device());
    assertEquals("0:30", find("/var/lib/other").device());
    assertEquals("179:3", find("/var/lib/chargepile/data").device());
  }

  @Test
  void theLastOfTwoAtOnePlaceCovers() {
    List<String> twice = List.of(LINES.get(0), LINES.get(0).replace("179:2", "0:99"));
    assertEquals("0:99", Mount.find(twice, Path.of("/x")).orElseThrow().device());
  }

  @Test
  void readOnlyIsTheMountOrItsFileSystem() {
    assertEquals(false, find("/").readOnly());
    assertEquals(true, find("/var/lib/chargepile").readOnly());
    assertEquals(true, find("/mnt/usb stick/x").readOnly());
  }

  @Test
  void theHealthIsThatOfTheWholeDisk(@TempDir Path root) throws IOException {
    Path disk = root.resolve("sys/devices/mmc0/block/mmcblk0");
    Path partition = Files.createDirectories(disk.resolve("mmcblk0p2"));
    Files.writeString(partition.resolve("partition"), "2\n");
    Files.createDirectories(disk.resolve("device"));
    Files.writeString(disk.resolve("device/life_time"), "0x02 0x0a\n");
    Files.writeString(disk.resolve("device/pre_eol_info"), "0x01\n");
    Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(root.resolve("sys/dev/block/179:2"), partition);
    Machine machine = new Machine(root, "pi", InstantSource.system());
    assertEquals(
        Optional.of(new MediumCheck.Health("mmcblk0", 10, 1)),
        MediumCheck.health(machine, "179:2"));
    assertEquals(Optional.empty(), MediumCheck.health(machine, "0:30"));
  }

  @Test
  void aLockIsHeldByItsWriter() {
    String line = "1: POSIX  ADVISORY  WRITE 4711 08:02:1234 0 EOF";
    assertEquals(true, StoreHolder.holds(line, "1234", "4711"));
    assertEquals(false, StoreHolder.holds(line, "234", "4711"));
    assertEquals(false, StoreHolder.holds(line, "1234", "471"));
  }
}
