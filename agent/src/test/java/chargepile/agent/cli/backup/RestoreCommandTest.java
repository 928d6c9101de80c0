package chargepile.agent.cli.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.SampleChannels;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.channel.codec.ChannelBackup;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.Signer;
import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherStates;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code backup} and {@code restore} at a driver's wallet, without its pile and its chain. */
class RestoreCommandTest {
  private static final PublicKey PILE =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
  private static final String ADDRESS = "chargepile:" + PILE.toHex() + "@127.0.0.1:1883/p";

  private static StaticChannel kept;

  @TempDir private Path folder;
  private Path data;
  private Path store;
  private Path backup;
  private ByteVector32 seed;

  @BeforeAll
  static void live() {
    kept = SampleChannels.charged().kept().orElseThrow();
  }

  /** A wallet that has a seed and a backup, and nothing else. */
  @BeforeEach
  void make() throws Exception {
    data = Files.createDirectories(folder.resolve("driver"));
    store = data.resolve("driver.db");
    backup = folder.resolve("copy.backup");
    seed = SeedFile.open(data.resolve("seed"), Optional.empty(), store);
    BackupFile.write(backup, backup(false), seed);
  }

  private NodeBackup backup(boolean metering) {
    return new NodeBackup.OfPenalties(channels(metering));
  }

  private ChannelBackup channels(boolean metering) {
    return new ChannelBackup(
        metering,
        new NodeKeys(seed, Signer.best()).nodeId(),
        kept.setup().chainHash(),
        Instant.parse("2026-01-02T03:04:05Z"),
        new BlockHeight(321),
        new ByteVector("0014751e76e8199196d454941c45d1b3a323f1433bd6"),
        Optional.of(ADDRESS),
        List.of(new ChannelBackup.Entry(PILE, kept)));
  }

  private CommandRun restore(String... options) {
    return CommandRun.of(
        Stream.of(List.of("restore", "--data", data), List.of(options), List.of(backup))
            .flatMap(List::stream)
            .toArray());
  }

  @Test
  void theChannelIsThereToBeRecoveredAndNothingOfItCanBePublished() throws Exception {
    CommandRun run = restore();
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("--pile " + ADDRESS), run.out());
    try (StoreView view = SqliteStore.openReadOnly(store)) {
      Snapshot snapshot = view.load();
      ChannelRow row = snapshot.channels().getFirst();
      assertEquals("Recovering", row.stage());
      assertEquals(kept.id(), row.id());
      assertEquals(PILE.toHex(), snapshot.meta().get("pile"));
      assertEquals(List.of(new ChannelBackup.Entry(PILE, kept)), Recovery.entries(snapshot));
      Driver driver =
          DriverCodec.decode(snapshot.session().orElseThrow(), keyIndex -> PaymentLeg.none());
      assertEquals(kept.setup().keyIndex(), driver.channel().keyIndex());
    }
    assertEquals(
        "321 0014751e76e8199196d454941c45d1b3a323f1433bd6",
        Files.readString(data.resolve("channels-begin")).strip());
    try (Stream<Path> files = Files.list(data)) {
      assertTrue(files.noneMatch(file -> file.toString().contains("restoring")));
    }
  }

  @Test
  void whatWasRestoredCanBeBackedUpAndLookedAt() {
    assertEquals(0, restore().exit());
    CommandRun made = CommandRun.of("backup", "--data", data, "--to", folder.resolve("b"));
    assertEquals(0, made.exit(), made.err());
    assertTrue(made.out().contains("1 channels"), made.out());
    CommandRun inspected = CommandRun.of("inspect", store);
    assertEquals(0, inspected.exit(), inspected.err());
    assertTrue(
        inspected.out().contains("its data was lost") || inspected.out().contains("not known"));
    CommandRun status = CommandRun.of("driver", "status", "--data", data);
    assertTrue(status.out().contains("its data was lost"), status.out());
  }

  @Test
  void theBackupNamesTheAddressOfTheLastOne() throws Exception {
    assertEquals(0, restore().exit());
    Files.copy(backup, data.resolve("channels.backup"));
    assertEquals(0, CommandRun.of("backup", "--data", data).exit());
    NodeBackup again = BackupFile.read(data.resolve("channels.backup"), seed);
    assertEquals(Optional.of(ADDRESS), again.address());
    assertNotEquals(backup(false).madeAt(), again.madeAt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--replace-damaged"})
  void aStoreThatIsWholeIsNeverReplaced(String option) throws Exception {
    assertEquals(0, restore().exit());
    byte[] before = Files.readAllBytes(store);
    CommandRun run = option.isEmpty() ? restore() : restore(option);
    assertEquals(1, run.exit(), run.out());
    assertEquals(new ByteVector(before), new ByteVector(Files.readAllBytes(store)));
  }

  @Test
  void aDamagedStoreIsRenamedAndKept() throws Exception {
    assertEquals(0, restore().exit());
    damage();
    byte[] before = Files.readAllBytes(store);
    assertEquals(1, restore().exit(), "not without the option");
    CommandRun run = restore("--replace-damaged");
    assertEquals(0, run.exit(), run.err());
    try (Stream<Path> files = Files.list(data)) {
      Path aside =
          files
              .filter(file -> file.getFileName().toString().matches("driver.db.damaged-[0-9TZ]+"))
              .findFirst()
              .orElseThrow();
      assertEquals(new ByteVector(before), new ByteVector(Files.readAllBytes(aside)));
    }
    assertEquals(0, CommandRun.of("inspect", store).exit());
  }

  @Test
  void anOlderBackupThatLacksAChannelIsNotTakenInPlaceOfTheNewest() throws Exception {
    BackupFile.write(data.resolve("channels.backup"), backup(false), seed);
    ChannelBackup full = channels(false);
    ChannelBackup older =
        new ChannelBackup(
            false,
            full.node(),
            full.chainHash(),
            full.madeAt().minusSeconds(1),
            full.scanFrom(),
            full.closingScript(),
            full.address(),
            List.of());
    BackupFile.write(backup, new NodeBackup.OfPenalties(older), seed);
    assertRefused("restore from it");
  }

  @Test
  void aStoreInUseIsLeftAlone() throws Exception {
    try (SqliteStore running = SqliteStore.open(store)) {
      damage();
      CommandRun run = restore("--replace-damaged");
      assertEquals(1, run.exit());
      assertTrue(run.err().contains("another chargepile is using"), run.err());
      assertTrue(Files.exists(store));
    }
  }

  @Test
  void withoutTheSeedNothingIsMade() throws Exception {
    Files.delete(data.resolve("seed"));
    CommandRun run = restore();
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("put back the seed"), run.err());
    assertFalse(Files.exists(data.resolve("seed")));
    assertFalse(Files.exists(store));
  }

  @Test
  void aBackupThatCanNotBeUsedChangesNothing() throws Exception {
    ByteVector32 other = new ByteVector32("5a".repeat(32));
    BackupFile.write(backup, backup(false), other);
    assertRefused("another seed");
    BackupFile.write(backup, backup(true), seed);
    assertRefused("--config");
    Files.writeString(backup, "no backup at all, but a text of some length to be refused");
    assertRefused("does not begin with CPSB");
    Files.delete(backup);
    assertRefused("can't be read");
  }

  /** One that was paid something. */
  private VoucherBackup vouchers(boolean metering) {
    VoucherChannel channel =
        VoucherStates.ofEveryStage().stream()
            .flatMap(state -> state.recovering().stream())
            .filter(state -> state.book().orElseThrow().sent().isPresent())
            .findFirst()
            .orElseThrow();
    return new VoucherBackup(
        metering,
        new NodeKeys(seed, Signer.best()).nodeId(),
        channel.book().orElseThrow().setup().domain().separator(),
        Instant.parse("2026-01-02T03:04:05Z"),
        Optional.of(ADDRESS),
        List.of(new VoucherBackup.Entry(PILE, 77, channel)));
  }

  @Test
  void aWalletWithVouchersIsRestoredToBeClosedAndBackedUpAgain() throws Exception {
    VoucherBackup kept = vouchers(false);
    BackupFile.write(backup, new NodeBackup.OfVouchers(kept), seed);
    CommandRun run = restore("--without-chain");
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("is to be recovered"), run.out());
    assertTrue(run.out().contains("opened after the backup was made are not in it"), run.out());
    try (StoreView view = SqliteStore.openReadOnly(store)) {
      Snapshot snapshot = view.load();
      assertEquals(kept.channels(), Recovery.vouchers(snapshot));
      assertEquals(kept.ledger().toHex(), snapshot.meta().get("chain"));
      assertEquals(
          77,
          DriverCodec.decode(snapshot.session().orElseThrow(), keyIndex -> PaymentLeg.none())
              .channel()
              .keyIndex());
    }
    assertFalse(Files.exists(data.resolve("channels-begin")), "that is Bitcoin's");
    CommandRun made = CommandRun.of("backup", "--data", data, "--pile", ADDRESS);
    assertEquals(0, made.exit(), made.err());
    NodeBackup again = BackupFile.read(data.resolve("channels.backup"), seed);
    assertTrue(again.covers(new NodeBackup.OfVouchers(kept)));
    assertEquals(Optional.of(ADDRESS), again.address());
  }

  @Test
  void aBackupOfVouchersAsksForTheChainAndFitsNoOther() throws Exception {
    BackupFile.write(backup, new NodeBackup.OfVouchers(vouchers(false)), seed);
    assertRefused("give --evm FILE");
    Path evm = folder.resolve("evm.toml");
    Files.writeString(
        evm,
        """
        [evm]
        rpc_url = "http://127.0.0.1:1"
        chain_id = 31337
        voucher_channel = "0x00000000000000000000000000000000000000a1"
        token = "0x00000000000000000000000000000000000000a2"
        """);
    CommandRun other = restore("--evm", evm.toString());
    assertEquals(1, other.exit(), other.out());
    assertTrue(other.err().contains("another chain or contract than chain 31337"), other.err());
    assertFalse(Files.exists(store));
    BackupFile.write(backup, new NodeBackup.OfVouchers(vouchers(true)), seed);
    assertRefused("--config");
    BackupFile.write(backup, backup(false), seed);
    CommandRun bitcoin = restore("--without-chain");
    assertEquals(1, bitcoin.exit(), bitcoin.out());
    assertTrue(bitcoin.err().contains("is the backup of Bitcoin channels"), bitcoin.err());
    assertFalse(Files.exists(store));
  }

  /** A clock that jumped says nothing: the numbers of the vouchers do. */
  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 86_400})
  void aBackupThatLacksAPaymentIsNotTakenWhateverItsTime(long seconds) throws Exception {
    VoucherBackup full = vouchers(false);
    VoucherBackup.Entry paid = full.channels().getFirst();
    VoucherBackup older =
        new VoucherBackup(
            false,
            full.node(),
            full.ledger(),
            full.madeAt().plusSeconds(seconds),
            full.address(),
            List.of(
                new VoucherBackup.Entry(
                    PILE, 77, VoucherChannel.found(paid.book().setup(), paid.book().deposits()))));
    BackupFile.write(data.resolve("channels.backup"), new NodeBackup.OfVouchers(full), seed);
    BackupFile.write(backup, new NodeBackup.OfVouchers(older), seed);
    assertRefused("restore from it");
  }

  /** What lacks in the later of two is over. */
  @Test
  void aBackupThatIsLaterMayLackAChannel() throws Exception {
    VoucherBackup full = vouchers(false);
    VoucherBackup later =
        new VoucherBackup(
            false,
            full.node(),
            full.ledger(),
            full.madeAt().plusSeconds(1),
            full.address(),
            List.of());
    BackupFile.write(data.resolve("channels.backup"), new NodeBackup.OfVouchers(full), seed);
    BackupFile.write(backup, new NodeBackup.OfVouchers(later), seed);
    CommandRun run = restore("--without-chain");
    assertEquals(0, run.exit(), run.err());
  }

  private void assertRefused(String why) {
    CommandRun run = restore();
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.err().contains(why), run.err());
    assertFalse(Files.exists(store));
    assertFalse(Files.exists(data.resolve("channels-begin")));
  }

  @Test
  void aDamagedStoreGivesNoBackupAndTheLastOneStays() throws Exception {
    assertEquals(0, restore().exit());
    damage();
    CommandRun run = CommandRun.of("backup", "--data", data, "--to", backup);
    assertEquals(3, run.exit(), run.out());
    assertTrue(run.err().contains("chargepile restore"), run.err());
    assertEquals(backup(false), BackupFile.read(backup, seed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"backup", "restore"})
  void itMustBeSaidWhose(String command) {
    CommandRun run = CommandRun.of(command, backup);
    assertEquals(2, run.exit(), run.err());
    assertEquals(2, CommandRun.of(command, "--data", data, "--config", backup, backup).exit());
    assertEquals(0, CommandRun.of(command, "--help").exit());
  }

  private void damage() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
      byte[] noise = new byte[(int) file.length() - 4096];
      new Random(1).nextBytes(noise);
      file.seek(4096);
      file.write(noise);
    }
  }
}
