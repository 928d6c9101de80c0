package chargepile.agent.cli.backup;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.BackupWriter;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.node.TokenName;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.AmountUnit;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile backup}. */
@Command(
    name = "backup",
    sortOptions = false,
    description = {
      "Write the backup of a node's channels: one small file, sealed by the node's seed.",
      "Only reads the store; works beside a running agent, which writes the same file by itself.",
      "With the file and the seed `chargepile restore` gets the money back.",
      "On Bitcoin the agent writes it whenever a channel is opened or settled. An old one does no"
          + " harm: it only lacks the channels opened since.",
      "On an EVM chain it holds the vouchers, and the agent writes it with every payment, at most"
          + " every five seconds. An old one lacks what was paid since, which the peer may show or"
          + " not; there is no penalty."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Whose whose;
  @Mixin private CommonOptions common;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description =
          "Where to; it replaces what is there. Without it: where the agent itself writes it.")
  private @Nullable Path to;

  @Option(
      names = "--pile",
      paramLabel = "ADDRESS",
      description = "A driver's: the pile's address, to be kept with the rest.")
  private @Nullable String address;

  @Override
  public Integer call() throws ConfigException, CommandFailedException, IOException {
    common.applyTo(LogLevel.WARN);
    Whose.Node node = whose.node();
    ByteVector32 seed = SeedFile.existing(node.seed(), node.passphrase());
    NodeKeys keys = new NodeKeys(seed, Signer.best(reason -> Logger.warn("{}", reason)));
    if (!Files.exists(node.store())) {
      throw new CommandFailedException(
          "%s does not exist: there is nothing to back up yet".formatted(node.store()));
    }
    NodeBackup backup;
    try (StoreView store = SqliteStore.openReadOnly(node.store())) {
      OwnStore.requireReadable(node.store(), store, node.reader());
      Snapshot snapshot = store.load();
      requireOwn(node, keys, snapshot);
      backup = backup(node, keys, snapshot, Instant.now());
    }
    Path file = to == null ? node.backup() : to;
    int size = BackupFile.write(file, backup, seed);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %d channels, %d bytes. Keep a copy on another machine, and one of %s%n",
        file, backup.ids().size(), size, node.seed());
    out.flush();
    return 0;
  }

  private NodeBackup backup(Whose.Node node, NodeKeys keys, Snapshot snapshot, Instant now)
      throws CommandFailedException, IOException {
    boolean metering = node.pile().isPresent();
    ByteVector32 ledger = ledger(snapshot);
    Optional<String> pile = address(node, keys);
    return TokenName.of(snapshot.meta()).unit() == AmountUnit.BASE_UNIT
        ? new BackupWriter.OnEvm(metering, keys.nodeId(), ledger, pile, keys.seed())
            .backup(Recovery.vouchers(snapshot), now)
        : new BackupWriter.OnBitcoin(
                metering, keys.nodeId(), ledger, node.begin(), pile, keys.seed())
            .backup(Recovery.entries(snapshot), now);
  }

  private static void requireOwn(Whose.Node node, NodeKeys keys, Snapshot snapshot)
      throws CommandFailedException {
    String owner = snapshot.meta().getOrDefault("node", "");
    if (!owner.equals(keys.nodeId().toHex())) {
      throw new CommandFailedException(
          "%s belongs to node %s, and the seed in %s to another: put the right one there"
              .formatted(node.store(), owner, node.seed()));
    }
  }

  private static ByteVector32 ledger(Snapshot snapshot) throws CommandFailedException {
    String hash = snapshot.meta().get("chain");
    if (hash == null) {
      throw new CommandFailedException("the store was never used: there is nothing to back up");
    }
    return ByteVector32.fromValidHex(hash);
  }

  private Optional<String> address(Whose.Node node, NodeKeys keys) throws CommandFailedException {
    if (address != null) {
      return Optional.of(PileAddress.parse(address).toString());
    }
    if (node.pile().isPresent()) {
      var config = node.pile().get();
      var broker = config.mqtt().broker();
      return Optional.of(
          new PileAddress(
                  keys.nodeId(), broker.getHost() + ":" + broker.getPort(), config.pile().id())
              .toString());
    }
    return Files.exists(node.backup())
        ? BackupFile.read(node.backup(), keys.seed()).address()
        : Optional.empty();
  }
}
