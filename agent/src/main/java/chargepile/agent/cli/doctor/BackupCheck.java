package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreException;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.ChannelId;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backup of the channels: there, opened by the seed, and with all that is to be in it. */
final class BackupCheck implements Check {
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /** A daemon at work writes payments later than it stores them, by less than that. */
  private static final Duration BEHIND = Duration.ofMinutes(1);

  private final Subject subject;

  /** What the store has, to be found in the backup. */
  private record Stores(Set<ChannelId> channels, List<VoucherBackup.Entry> vouchers) {}

  BackupCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public List<Finding> look() throws IOException {
    subject.requireVisible();
    Path file = subject.config().store().backup();
    if (!Files.isDirectory(file.toAbsolutePath().resolveSibling("."))) {
      if (Files.exists(subject.folder())) {
        return List.of(
            Finding.fail(
                "the folder of the backup %s is not there".formatted(file),
                "mount its medium, or make the folder, or correct store.backup"));
      }
      return List.of(Finding.ok("there is none yet: it comes with the first start"));
    }
    ByteVector32 seed;
    Stores stored;
    try {
      if (!Files.exists(subject.seed()) && !Files.exists(subject.store())) {
        return List.of(Finding.ok("there is none yet: it comes with the first start"));
      }
      stored = stored();
      if (!Files.exists(file)) {
        return List.of(judge(file, stored.channels(), Set.of(), false));
      }
      seed = SeedFile.existing(subject.seed(), subject.config().pile().passphraseFile());
    } catch (CommandFailedException | StoreException | MalformedStateException e) {
      return List.of(Finding.skipped("without seed and store nothing can be told of it"));
    }
    try {
      NodeBackup backup = BackupFile.read(file, seed);
      List<Finding> findings = new ArrayList<>();
      findings.add(judge(file, stored.channels(), Set.copyOf(backup.ids()), true));
      if (backup instanceof NodeBackup.OfVouchers(var kept)) {
        judge(file, stored.vouchers(), kept, Instant.now()).ifPresent(findings::add);
      }
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS_WRITE::contains)) {
        findings.add(
            Finding.warn(
                "%s may be changed by others than its owner".formatted(file), "chmod 600 " + file));
      }
      return findings;
    } catch (CommandFailedException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()),
              "chargepile backup --config %s writes it anew; is it another pile's?"
                  .formatted(subject.file())));
    }
  }

  private Stores stored() {
    if (!Files.exists(subject.store())) {
      return new Stores(Set.of(), List.of());
    }
    try (StoreView store = SqliteStore.openReadOnly(subject.store())) {
      Snapshot snapshot = store.load();
      List<VoucherBackup.Entry> vouchers = Recovery.vouchers(snapshot);
      return new Stores(
          Stream.concat(
                  Recovery.entries(snapshot).stream().map(entry -> entry.channel().id()),
                  vouchers.stream().map(entry -> new ChannelId(entry.id().value())))
              .collect(Collectors.toSet()),
          vouchers);
    }
  }

  /** Whether payments lack that a daemon would have written; channels that lack are told apart. */
  static Optional<Finding> judge(
      Path file, List<VoucherBackup.Entry> stored, VoucherBackup backup, Instant now) {
    long behind =
        stored.stream()
            .filter(
                entry ->
                    backup.channels().stream()
                        .anyMatch(kept -> kept.id().equals(entry.id()) && !kept.covers(entry)))
            .count();
    return behind == 0 || backup.madeAt().isAfter(now.minus(BEHIND))
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                "%s is of %s and lacks the last payments in %d of %d channels"
                    .formatted(file, backup.madeAt(), behind, stored.size()),
                "the daemon writes them within seconds: look again, then see its log for why it"
                    + " can't; chargepile backup writes them now"));
  }

  static Finding judge(Path file, Set<ChannelId> stored, Set<ChannelId> kept, boolean there) {
    long lacking = stored.stream().filter(channel -> !kept.contains(channel)).count();
    if (lacking > 0) {
      return Finding.fail(
          "%s lacks %d of %d channels".formatted(file, lacking, stored.size()),
          "a lost disk would lose their money: see the daemon's log for why it can't be written, or"
              + " chargepile backup");
    }
    return there
        ? Finding.ok(
            "%s has all channels (%d); keep a copy on another machine"
                .formatted(file, stored.size()))
        : Finding.ok("there is no channel to back up yet");
  }
}
