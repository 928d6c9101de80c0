package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.store.Snapshot;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelsBeginTest {
  private static final ChannelsBegin BEGIN =
      new ChannelsBegin(new BlockHeight(850_000), new ByteVector("0014" + "ab".repeat(20)));

  @TempDir private Path folder;

  @Test
  void itStaysWhileAnyChannelIsUnfinished() throws IOException {
    Path file = folder.resolve("begin");
    BEGIN.write(file);
    assertEquals(Optional.of(BEGIN), ChannelsBegin.read(file, store("Closed", "Normal")));
    assertEquals(Optional.empty(), ChannelsBegin.read(file, store("Closed", "Closed")));
    assertEquals(Optional.empty(), ChannelsBegin.read(file, store()));
  }

  @Test
  void withoutItChannelsAreNotWatchedInTheWrongPlace() throws IOException {
    Path file = folder.resolve("begin");
    assertThrows(IOException.class, () -> ChannelsBegin.read(file, store("Normal")));
    Files.writeString(file, "850000");
    assertThrows(IOException.class, () -> ChannelsBegin.read(file, store("Normal")));
  }

  @Test
  void whatWasKeptLastServesWhileTheNodeIsAway() throws IOException {
    Path file = folder.resolve("begin");
    assertEquals(Optional.empty(), ChannelsBegin.last(file));
    BEGIN.write(file);
    assertEquals(Optional.of(BEGIN), ChannelsBegin.last(file));
  }

  private static Snapshot store(String... stages) {
    return new Snapshot(
        Stream.of(stages).map(ChannelsBeginTest::row).toList(),
        List.of(),
        Optional.empty(),
        RegistersRow.ZERO,
        List.of(),
        0,
        Map.of());
  }

  private static ChannelRow row(String stage) {
    return new ChannelRow(
        new ChannelId(ByteVector32.Zeroes),
        new ByteVector("02" + "ab".repeat(32)),
        stage,
        0,
        0,
        0,
        0,
        new byte[0],
        SigningMarks.NONE);
  }
}
