package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.voucher.VoucherStates;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the backup of vouchers is written. */
class BackupWriterTest {
  private static final ByteVector32 SEED = new ByteVector32("a5".repeat(32));
  private static final PublicKey NODE =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
  private static final List<VoucherBackup.Entry> STATES =
      VoucherStates.ofEveryStage().stream()
          .flatMap(state -> state.recovering().stream())
          .map(state -> new VoucherBackup.Entry(NODE, 1, state))
          .distinct()
          .toList();

  @TempDir private Path folder;
  private Path file;

  /** What each write was of. */
  private final BlockingQueue<List<VoucherBackup.Entry>> writes = new LinkedBlockingQueue<>();

  @BeforeEach
  void name() {
    file = folder.resolve("channels.backup");
  }

  /** How many of the next writes fail by a fault of the program. */
  private final AtomicInteger faults = new AtomicInteger();

  private BackupWriter<VoucherBackup.Entry> writer(Duration rest) {
    BackupWriter.OnEvm owner =
        new BackupWriter.OnEvm(
            true,
            NODE,
            STATES.getFirst().book().setup().domain().separator(),
            Optional.empty(),
            SEED);
    return new BackupWriter<>(
        file,
        new BackupWriter.Owner<>() {
          @Override
          public ByteVector32 seed() {
            return owner.seed();
          }

          @Override
          public NodeBackup backup(List<VoucherBackup.Entry> channels, Instant now) {
            writes.add(channels);
            if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
              throw new IllegalArgumentException("a fault");
            }
            return owner.backup(channels, now);
          }
        },
        rest,
        Duration.ofMillis(50));
  }

  private List<VoucherBackup.Entry> onDisk() throws Exception {
    return ((NodeBackup.OfVouchers) BackupFile.read(file, SEED)).channels().channels();
  }

  @Test
  void theFirstIsWrittenAtOnceAndWhatComesInTheRestWithTheEnd() throws Exception {
    try (BackupWriter<VoucherBackup.Entry> writer = writer(Duration.ofDays(1))) {
      writer.channels(List.of(STATES.get(0)));
      assertEquals(List.of(STATES.get(0)), writes.take());
      STATES.subList(1, 5).forEach(state -> writer.channels(List.of(state)));
    }
    assertEquals(List.of(STATES.get(4)), writes.take());
    assertTrue(writes.isEmpty(), "the others were overtaken");
    assertEquals(List.of(STATES.get(4)), onDisk());
  }

  @Test
  void afterTheRestTheLatestIsWrittenByItself() throws Exception {
    try (BackupWriter<VoucherBackup.Entry> writer = writer(Duration.ofMillis(50))) {
      writer.channels(List.of(STATES.get(0)));
      var unused = writes.take();
      writer.channels(List.of(STATES.get(1)));
      writer.channels(List.of(STATES.get(2)));
      List<VoucherBackup.Entry> last = writes.take();
      while (!last.equals(List.of(STATES.get(2)))) {
        last = writes.take();
      }
    }
    assertEquals(List.of(STATES.get(2)), onDisk());
  }

  @Test
  void whatFailedByAFaultIsTriedAgainByItself() throws Exception {
    faults.set(2);
    try (BackupWriter<VoucherBackup.Entry> writer = writer(Duration.ofDays(1))) {
      writer.channels(List.of(STATES.get(0)));
      for (int i = 0; i < 3; i++) {
        assertEquals(List.of(STATES.get(0)), writes.take());
      }
    }
    assertEquals(List.of(STATES.get(0)), onDisk());
  }

  @Test
  void whatIsAsItWasIsNotWrittenAgain() throws Exception {
    try (BackupWriter<VoucherBackup.Entry> writer = writer(Duration.ZERO)) {
      writer.channels(List.of(STATES.get(0)));
      writer.channels(List.of(STATES.get(0)));
    }
    assertEquals(1, writes.size());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void whereThereNeverWasAChannelThereIsNoFile() {
    try (BackupWriter<VoucherBackup.Entry> writer = writer(Duration.ZERO)) {
      writer.channels(List.of());
    }
    assertFalse(Files.exists(file));
  }
}
