package chargepile.agent.cli.backup;

import chargepile.agent.channel.codec.ChannelBackup;
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
import java.util.List;
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
      "Only reads the store; works beside a running agent, which writes the same file by itself"
          + " whenever a channel is opened or settled.",
      "With the file and the seed `chargepile restore` gets the money back. An old one does no"
          + " harm: it only lacks the channels opened since."
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
    List<ChannelBackup.Entry> channels;
    Snapshot snapshot;
    try (StoreView store = SqliteStore.openReadOnly(node.store())) {
      OwnStore.requireReadable(node.store(), store, node.reader());
      snapshot = store.load();
      channels = Recovery.entries(snapshot);
    }
    requireOwn(node, keys, snapshot);
    if (TokenName.of(snapshot.meta()).unit() == AmountUnit.BASE_UNIT) {
      throw new CommandFailedException(
          "%s holds channels on an EVM chain, of which there is no backup: a voucher is money, and only the store has it"
              .formatted(node.store()));
    }
    Path file = to == null ? node.backup() : to;
    ChannelBackup backup =
        new BackupWriter.Owner(
                node.pile().isPresent(),
                keys.nodeId(),
                chainHash(snapshot),
                node.begin(),
                address(node, keys, seed),
                seed)
            .backup(channels, Instant.now());
    int size = BackupFile.write(file, backup, seed);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %d channels, %d bytes. Keep a copy on another machine, and one of %s%n",
        file, channels.size(), size, node.seed());
    out.flush();
    return 0;
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

  private static ByteVector32 chainHash(Snapshot snapshot) throws CommandFailedException {
    String hash = snapshot.meta().get("chain");
    if (hash == null) {
      throw new CommandFailedException("the store was never used: there is nothing to back up");
    }
    return ByteVector32.fromValidHex(hash);
  }

  private Optional<String> address(Whose.Node node, NodeKeys keys, ByteVector32 seed)
      throws CommandFailedException {
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
        ? BackupFile.read(node.backup(), seed).address()
        : Optional.empty();
  }
}
