package chargepile.agent.cli.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.node.PileAddress;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverCommandsTest {
  private static final String NODE =
      "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  private static final String ADDRESS = "chargepile:" + NODE + "@127.0.0.1:1/p";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"charge", "status", "receipts", "close"})
  void everyVerbHasHelp(String verb) {
    CommandRun run = CommandRun.of("driver", verb, "--help");
    assertEquals(0, run.exit());
    assertTrue(run.out().startsWith("Usage: chargepile driver " + verb), run.out());
  }

  @Test
  void withoutAVerbTheUsageGoesToStderr() {
    CommandRun run = CommandRun.of("driver");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("charge"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "--capacity=5, --capacity must be from 20000",
    "--max-price=-1, --max-price must be from 0",
    "--max-energy=0, --max-energy must be from 1",
    "--max-amount=0, --max-amount must be from 1",
    "--max-power=0, --max-power must be from 1",
    "--max-minutes=0, --max-minutes must be from 1",
    "--max-power=many, --max-power",
    "--chain-grace=1441, --chain-grace must be from 0",
    "--network=lightning, --network",
    "--bid=300, --bid, --energy and --market go with --evm",
    "--market=0x00, --bid, --energy and --market go with --evm",
    "--timeout=0, --timeout must be from 1",
  })
  void aLimitOutOfRangeIsWrongUsage(String option, String told) {
    CommandRun run = run("charge", ADDRESS, "--rpc-cookie=none", option);
    assertEquals(2, run.exit(), run.err());
    assertTrue(run.err().contains(told), run.err());
    assertTrue(Files.notExists(folder.resolve("driver")), "nothing is made");
  }

  @ParameterizedTest
  @CsvSource({
    "--bid=300, --energy=, --bid needs --energy",
    "--energy=300, --bid=, --energy goes with --bid",
    "--bid=0, --energy=300, --bid must be from 1",
    "--bid=300, --energy=0, --energy must be from 1",
    "--bid=300, --energy=300 --min-export-price=1, leave out --min-export-price",
    "--bid=300, --energy=300 --market=0x12, --market: 0x12 is no address",
  })
  void aBidThatCannotBeMeantIsWrongUsage(String one, String other, String told) {
    List<String> options = new ArrayList<>(List.of("--evm=evm.toml", one));
    options.addAll(List.of(other.split(" ")));
    options.removeIf(option -> option.endsWith("="));
    CommandRun run = run("charge", ADDRESS, options.toArray(new String[0]));
    assertEquals(2, run.exit(), run.err());
    assertTrue(run.err().contains(told), run.err());
    assertTrue(Files.notExists(folder.resolve("driver")), "nothing is made");
  }

  @ParameterizedTest
  @CsvSource({
    "lightning:x, --rpc-cookie=c, is no pile's address",
    "'', --rpc-user=u, how to log in at the Bitcoin node",
    "'', --network=mainnet, --i-understand-the-risk",
  })
  void whatCannotBeUsedIsToldBeforeAnythingIsMade(String address, String option, String told) {
    CommandRun run = run("close", address.isEmpty() ? ADDRESS : address, option);
    assertEquals(1, run.exit(), run.err());
    assertTrue(run.err().contains(told), run.err());
    assertTrue(Files.notExists(folder.resolve("driver")), "nothing is made");
  }

  @Test
  void aNodeThatIsNotThereIsNamed() {
    CommandRun run =
        run("charge", ADDRESS, "--rpc-url=http://127.0.0.1:9", "--rpc-cookie=" + folder);
    assertEquals(1, run.exit(), run.err());
    assertTrue(run.err().startsWith("chargepile: "), run.err());
    assertTrue(!run.err().contains("error of the program"), run.err());
  }

  @Test
  void receiptsAreShownToPeopleAndPrograms() {
    SessionId session = new SessionId(new ByteVector("0a".repeat(16)));
    ChannelId channel = new ChannelId(new ByteVector32("0b".repeat(32)));
    Instant begun = Instant.parse("2026-06-01T12:00:00Z");
    try (Store store = SqliteStore.open(folder.resolve("driver.db"))) {
      store.commit(
          new Commit(
              List.of(),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              new JournalNote(begun, "session ended", Optional.empty(), 0, ""),
              List.of(
                  new ReceiptRow(
                      session,
                      new ByteVector(NODE),
                      channel,
                      55,
                      begun,
                      begun.plusSeconds(2700),
                      "UNPLUGGED",
                      new ReceiptRow.Prices(1, 300_000, 0, 0),
                      new ReceiptRow.Paid(5_438_000, 2_700_000, 1_631_400),
                      new ReceiptRow.Paid(0, 0, 0),
                      Optional.of(new ReceiptRow.Metered(5_438_000, 0)),
                      ByteVector.empty,
                      ByteVector.empty))));
    }
    CommandRun text = CommandRun.of("driver", "receipts", "--data", folder);
    assertEquals(0, text.exit(), text.err());
    for (String shown :
        List.of(
            "session " + session,
            NODE,
            "unplugged",
            "1 631 400 msat for 5 438 Wh in 45 min",
            "300 000 msat a kWh",
            channel + ", commitment 55")) {
      assertTrue(text.out().contains(shown), text.out());
    }
    CommandRun json = CommandRun.of("driver", "receipts", "--json", "--data", folder);
    assertEquals(
        "{\"receipts\":[{\"session\":\"%s\",\"pile\":\"%s\",\"begun\":\"2026-06-01T12:00:00Z\",\"ended\":\"2026-06-01T12:45:00Z\",\"reason\":\"unplugged\",\"import\":{\"energy_mwh\":5438000,\"duration_ms\":2700000,\"amount_msat\":1631400},\"export\":{\"energy_mwh\":0,\"duration_ms\":0,\"amount_msat\":0},\"metered\":{\"import_mwh\":5438000,\"export_mwh\":0},\"tariff\":{\"id\":1,\"import_msat_per_kwh\":300000,\"export_msat_per_kwh\":0,\"msat_per_minute\":0},\"channel\":\"%s\",\"commitment\":55,\"meter_key\":\"\",\"meter_record\":\"\",\"settlements\":[]}]}"
            .formatted(session, NODE, channel),
        json.out().strip().replaceAll("\\s", ""));
  }

  @Test
  void receiptsAreWrittenForTheTransparencySoftware() throws IOException {
    Path data = Files.createDirectory(folder.resolve("wallet"));
    try (Store store = SqliteStore.open(data.resolve("driver.db"))) {
      store.commit(sealed("0a", RecordSamples.charged().text()));
      store.commit(sealed("0b", ""));
      store.commit(
          sealed("0c", RecordSamples.charged().text() + "\n" + RecordSamples.charged().text()));
    }
    Path all = folder.resolve("all.xml");
    CommandRun one = CommandRun.of("driver", "receipts", "--data", data, "--xml", all);
    assertEquals(0, one.exit(), one.err());
    assertEquals(all + System.lineSeparator(), one.out());
    assertEquals(0, CommandRun.of("verify-receipt", all).exit());
    assertTrue(CommandRun.of("verify-receipt", all).out().contains("3 records, signed by"));

    Path each = Files.createDirectory(folder.resolve("each"));
    CommandRun many = CommandRun.of("driver", "receipts", "--data", data, "--xml", each);
    assertEquals(0, many.exit(), many.err());
    for (String session : List.of("0a", "0c")) {
      Path file = each.resolve("session-%s.xml".formatted(session.repeat(16)));
      assertTrue(many.out().contains(file.toString()), many.out());
      assertEquals(0, CommandRun.of("verify-receipt", file).exit());
    }
    assertEquals(2, many.lines().size());
  }

  @Test
  void withoutARecordNothingIsWritten() throws IOException {
    try (Store store = SqliteStore.open(folder.resolve("driver.db"))) {
      store.commit(sealed("0b", ""));
    }
    Path all = folder.resolve("all.xml");
    CommandRun run = CommandRun.of("driver", "receipts", "--data", folder, "--xml", all);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("nothing was written"), run.err());
    assertFalse(Files.exists(all));
  }

  private static Commit sealed(String session, String records) {
    Instant begun = Instant.parse("2026-06-01T12:00:00Z");
    return new Commit(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        new JournalNote(begun, "session ended", Optional.empty(), 0, ""),
        List.of(
            new ReceiptRow(
                new SessionId(new ByteVector(session.repeat(16))),
                new ByteVector(NODE),
                new ChannelId(new ByteVector32("0b".repeat(32))),
                55,
                begun,
                begun,
                "UNPLUGGED",
                new ReceiptRow.Prices(1, 300_000, 0, 0),
                new ReceiptRow.Paid(0, 0, 0),
                new ReceiptRow.Paid(0, 0, 0),
                Optional.empty(),
                records.isEmpty() ? ByteVector.empty : RecordSamples.METER.publicKey().value,
                new ByteVector(records.getBytes(StandardCharsets.US_ASCII)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "receipts"})
  void whatAFolderWithoutAWalletHasIsNothing(String verb) {
    CommandRun run = CommandRun.of("driver", verb, "--data", folder);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("driver.db"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "broker.example:8883, ssl://broker.example:8883",
    "127.0.0.1:1883, tcp://127.0.0.1:1883",
    "localhost:1883, tcp://localhost:1883",
    "[::1]:1883, tcp://[::1]:1883",
  })
  void onlyABrokerOnThisMachineIsSpokenToInTheClear(String broker, String url) throws Exception {
    PileAddress address = PileAddress.parse("chargepile:" + NODE + "@" + broker + "/p");
    assertEquals(url, address.brokerUrl().toString());
  }

  private CommandRun run(String verb, String address, String... options) {
    List<Object> args =
        new ArrayList<>(
            List.of("driver", verb, "--pile=" + address, "--data=" + folder.resolve("driver")));
    for (String option : options) {
      if (!option.isEmpty()) {
        args.add(option);
      }
    }
    return CommandRun.of(args.toArray());
  }
}
