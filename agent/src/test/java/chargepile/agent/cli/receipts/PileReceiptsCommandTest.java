package chargepile.agent.cli.receipts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.ocmf.RecordSamples;
import chargepile.agent.store.Commit;
import chargepile.agent.store.JournalNote;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator gets out of the pile's own store. */
class PileReceiptsCommandTest {
  private static final String DRIVER = "02" + "11".repeat(32);
  private static final Instant BEGUN = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void configure() throws IOException {
    config =
        Files.writeString(
            folder.resolve("pile.toml"),
            "[pile]\nid = \"p\"\ndata_dir = \"pile\"\n[tariff]\nprice_msat_per_kwh = 300000\n");
  }

  @Test
  void aFinishedSessionIsShownWithWhatWasReceivedForIt() throws IOException {
    keepOne();
    CommandRun run = CommandRun.of("receipts", "--config", config);
    assertEquals(0, run.exit(), run.err());
    for (String shown :
        List.of(
            "driver    " + DRIVER,
            "received  1 631.4 sat = 1 631 400 msat for 5 438 Wh in 45 min 0 s",
            "meter     5 438 Wh into the car, 0 Wh out of it\n",
            "records   1, signed by the meter")) {
      assertTrue(run.out().contains(shown), shown + " is missing in\n" + run.out());
    }
  }

  @Test
  void programsGetItAsJson() throws IOException {
    keepOne();
    CommandRun run = CommandRun.of("receipts", "--json", "--config", config);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("\"driver\":\"" + DRIVER + "\""), run.out());
    assertTrue(run.out().contains("\"amount_msat\":1631400"), run.out());
  }

  @Test
  void theFileForTheTransparencySoftwareVerifies() throws IOException {
    keepOne();
    Path xml = folder.resolve("receipts.xml");
    CommandRun run = CommandRun.of("receipts", "--config", config, "--xml", xml);
    assertEquals(0, run.exit(), run.err());
    CommandRun verified = CommandRun.of("verify-receipt", xml);
    assertEquals(0, verified.exit(), verified.err());
  }

  @Test
  void withoutAStoreItSaysWhatIsMissing() {
    CommandRun run = CommandRun.of("receipts", "--config", config);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("no `run` was started with this configuration yet"), run.err());
  }

  private void keepOne() throws IOException {
    Path data = Files.createDirectories(folder.resolve("pile"));
    try (Store store = SqliteStore.open(data.resolve("pile.db"))) {
      store.commit(
          new Commit(
              List.of(),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              new JournalNote(BEGUN, "session ended", Optional.empty(), 0, ""),
              List.of(
                  new ReceiptRow(
                      new SessionId(new ByteVector("0a".repeat(16))),
                      new ByteVector(DRIVER),
                      new ChannelId(new ByteVector32("0b".repeat(32))),
                      55,
                      BEGUN,
                      BEGUN.plusSeconds(2700),
                      "UNPLUGGED",
                      new ReceiptRow.Prices(1, 300_000, 0, 0),
                      new ReceiptRow.Paid(5_438_000, 2_700_000, 1_631_400),
                      new ReceiptRow.Paid(0, 0, 0),
                      Optional.of(new ReceiptRow.Metered(5_438_000, 0)),
                      RecordSamples.METER.publicKey().value,
                      new ByteVector(
                          RecordSamples.charged().text().getBytes(StandardCharsets.US_ASCII))))));
    }
  }
}
