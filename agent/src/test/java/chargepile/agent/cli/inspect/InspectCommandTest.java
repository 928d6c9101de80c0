package chargepile.agent.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.SampleChannels;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.ReadJson;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Commit;
import chargepile.agent.store.JournalNote;
import chargepile.agent.store.OutboxEntry;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kotlinx.serialization.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final ChannelId OPEN = id("aa");
  private static final ChannelId ENDED = id("bb");
  private static final byte[] GARBAGE = {1, 99};

  @TempDir Path folder;
  private Path file;

  private static ChannelId id(String byteInHex) {
    return new ChannelId(new ByteVector32(byteInHex.repeat(32)));
  }

  private static ChannelRow row(ChannelId id, Stage stage, byte[] state) {
    return new ChannelRow(
        id,
        new ByteVector("02" + "11".repeat(32)),
        stage.title(),
        3,
        600_000,
        999_400_000,
        SampleChannels.CAPACITY_SAT,
        state,
        new SigningMarks(4, new byte[] {1}, 3, 2));
  }

  private static ChannelRow row(ChannelId id, Channel channel) {
    return row(id, channel.stage(), ChannelCodec.encode(channel));
  }

  private static Commit commit(ChannelRow row, String event, String text) {
    return new Commit(
        List.of(row),
        List.of(),
        Optional.empty(),
        Optional.of(new RegistersRow(12_345_000, 500_000)),
        List.of(new OutboxEntry("peer:02", "x".getBytes(StandardCharsets.UTF_8))),
        new JournalNote(
            Instant.parse("2026-06-01T12:00:00Z"),
            event,
            Optional.of(row.id()),
            row.commitmentNumber(),
            text));
  }

  @BeforeEach
  void store() {
    file = folder.resolve("pile.db");
    try (Store store = SqliteStore.open(file)) {
      store.putMeta("network", "regtest");
      store.commit(commit(row(OPEN, SampleChannels.charged()), "energy_update", "2 kWh"));
      store.sent(1);
      store.commit(commit(row(ENDED, SampleChannels.closed()), "settled", "all \"done\""));
    }
  }

  @Test
  void aPersonSeesChannelsBalancesAndJournal() {
    CommandRun run = CommandRun.of("inspect", file);
    assertEquals(0, run.exit(), run.err());
    for (String said :
        new String[] {
          "channel " + OPEN,
          "channel " + ENDED,
          "stage           Normal",
          "cooperative close",
          "capacity        1 000 000 sat",
          "own balance     600 sat",
          "peer's balance  999 400 sat",
          "funded by the peer, metered by this side, feerate 2500 sat/kw",
          "import 2 000 Wh in 33 min 20 s for 600 sat",
          "import 12.345 kWh, export 500 Wh",
          "unsent          1 messages",
          "network         regtest",
          "energy_update",
          "all \"done\"",
        }) {
      assertTrue(run.out().contains(said), () -> said + " is missing in\n" + run.out());
    }
  }

  @Test
  void aProgramSeesTheSameAsJson() {
    CommandRun run = CommandRun.of("inspect", "--json", file);
    assertEquals(0, run.exit(), run.err());
    assertEquals(1, run.lines().size());
    JsonObject json = ReadJson.object(run.out());
    assertAll(
        () -> assertEquals(file.toString(), ReadJson.text(json, "file")),
        () -> assertEquals("regtest", ReadJson.text(json, "meta.network")),
        () -> assertEquals(OPEN.toString(), ReadJson.text(json, "channels.0.id")),
        () -> assertEquals("Normal", ReadJson.text(json, "channels.0.stage")),
        () -> assertEquals("600000", ReadJson.text(json, "channels.0.local_msat")),
        () -> assertEquals("4", ReadJson.text(json, "channels.0.signed_remote_commitment")),
        () -> assertEquals("peer", ReadJson.text(json, "channels.0.funder")),
        () -> assertEquals("self", ReadJson.text(json, "channels.0.meters")),
        () -> assertEquals("2000000", ReadJson.text(json, "channels.0.session.import.energy_mwh")),
        () -> assertEquals("600000", ReadJson.text(json, "channels.0.session.import.amount_msat")),
        () -> assertEquals("cooperative_close", ReadJson.text(json, "channels.1.outcome")),
        () -> assertEquals("12345000", ReadJson.text(json, "registers.import_mwh")),
        () -> assertEquals("1", ReadJson.text(json, "unsent")),
        () -> assertEquals("2", ReadJson.text(json, "journal_sequence")),
        () -> assertEquals("all \"done\"", ReadJson.text(json, "journal.1.text")),
        () -> assertEquals("2", ReadJson.text(json, "size.rows.channel")));
  }

  @Test
  void theJournalCanBeCutShort() {
    CommandRun run = CommandRun.of("inspect", "--journal", 1, file);
    assertFalse(run.out().contains("energy_update"), run.out());
    assertTrue(run.out().contains("settled"), run.out());
    assertFalse(CommandRun.of("inspect", "--journal=0", file).out().contains("journal, to"));
  }

  @Test
  void aChannelIsFoundByTheBeginningOfItsId() {
    CommandRun run = CommandRun.of("inspect", "--channel", "BB", file);
    assertTrue(run.out().contains("channel " + ENDED), run.out());
    assertFalse(run.out().contains("channel " + OPEN), run.out());
  }

  @Test
  void aChannelThatIsNotThereIsNamed() {
    CommandRun run = CommandRun.of("inspect", "--channel", "cc", file);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("no channel whose id begins with cc; it has 2"), run.err());
  }

  @Test
  void inspectingWorksBesideAWriterAndChangesNothing() throws IOException {
    byte[] before = Files.readAllBytes(file);
    assertEquals(0, CommandRun.of("inspect", file).exit());
    assertEquals(
        new String(before, StandardCharsets.ISO_8859_1),
        Files.readString(file, StandardCharsets.ISO_8859_1));
    try (Store writer = SqliteStore.open(file)) {
      assertEquals(2, writer.load().journalSequence());
      assertEquals(0, CommandRun.of("inspect", file).exit());
    }
  }

  @Test
  void aStateThatCannotBeReadIsNamedAndTheRestIsShown() {
    ChannelRow broken = row(id("dd"), SampleChannels.charged().stage(), GARBAGE);
    try (Store store = SqliteStore.open(file)) {
      store.commit(commit(broken, "damage", ""));
    }
    CommandRun run = CommandRun.of("inspect", file);
    assertEquals(1, run.exit());
    assertTrue(run.out().contains("UNREADABLE"), run.out());
    assertTrue(run.out().contains("channel " + OPEN), run.out());
    assertTrue(run.err().contains(broken.id().toString()), run.err());
  }

  @Test
  void whatIsNoStoreIsNamed() throws IOException {
    Path missing = folder.resolve("none.db");
    assertRefused(missing, "none.db does not exist");
    assertFalse(Files.exists(missing), "an inspection makes nothing");
    assertRefused(folder, "is not a file");
    assertRefused(Files.writeString(folder.resolve("text"), "hello ".repeat(100)), "text");
  }

  @Test
  void aStoreOfANewerProgramIsNamed() throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 1000");
    }
    assertRefused(file, "schema version 1000");
  }

  @Test
  void wrongUsageIsNamed() {
    CommandRun rows = CommandRun.of("inspect", "--journal=-1", file);
    assertEquals(2, rows.exit());
    assertTrue(rows.err().contains("--journal must be from 0"), rows.err());
    CommandRun channel = CommandRun.of("inspect", "--channel=xyz", file);
    assertEquals(2, channel.exit());
    assertTrue(channel.err().contains("hex digits"), channel.err());
    assertEquals(2, CommandRun.of("inspect").exit());
  }

  private static void assertRefused(Path path, String message) {
    CommandRun run = CommandRun.of("inspect", path);
    assertEquals(1, run.exit());
    assertEquals("", run.out());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
