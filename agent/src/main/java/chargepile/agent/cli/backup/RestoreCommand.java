package chargepile.agent.cli.backup;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.ChannelsBegin;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.node.TokenName;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.crypto.Signer;
import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.store.DamagedStoreException;
import chargepile.agent.store.ForeignFileException;
import chargepile.agent.store.SetAside;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.codec.VoucherBackup;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile restore}. */
@Command(
    name = "restore",
    sortOptions = false,
    description = {
      "Make a new store from the backup of a node's channels, after the old one was lost.",
      "The channels are not taken up again: when the agent runs next, it asks their peers to close"
          + " them.",
      "On Bitcoin it takes home what the peers' transactions pay, and never publishes a state of"
          + " its own. Each channel's money comes when its peer was heard of, or has closed.",
      "On an EVM chain it takes what the peer shows in addition to the backup, signs no voucher any"
          + " more, and presents the best that it has when the channel is closed; should the peer"
          + " not come back, cmd/close-channel or `driver close --force` closes with it. The chain"
          + " is asked for channels that the backup lacks.",
      "The seed must lie in its folder already. A store that is there is never overwritten."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RestoreCommand implements Callable<Integer> {
  private static final String MAKING = ".restoring";

  @Spec private CommandSpec spec;
  @Mixin private Whose whose;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "BACKUP", description = "The backup, or a copy of it.")
  private Path file;

  @Option(
      names = "--replace-damaged",
      description =
          "Rename a store that is there and damaged (nothing is deleted). One that is whole stays.")
  private boolean replaceDamaged;

  @Option(
      names = "--evm",
      paramLabel = "FILE",
      description =
          "A driver's, for the backup of voucher channels: the file with the section [evm], as for"
              + " `driver`; asked for channels that the backup lacks.")
  private @Nullable Path evm;

  @Option(
      names = "--without-chain",
      description = "Restore voucher channels without asking the chain for others.")
  private boolean withoutChain;

  @Override
  public Integer call() throws ConfigException, CommandFailedException, IOException {
    common.applyTo(LogLevel.WARN);
    Whose.Node node = whose.node();
    ByteVector32 seed = SeedFile.existing(node.seed(), node.passphrase());
    NodeBackup backup = BackupFile.read(file, seed);
    requireRole(node, backup);
    requireLatest(node, backup, seed);
    Optional<FurtherChannels> chain = further(node, backup, seed);
    if (chain.isPresent()) {
      backup = new NodeBackup.OfVouchers(chain.get().channels());
    }
    PrintWriter out = spec.commandLine().getOut();
    Instant now = Instant.now();
    if (SetAside.isThere(node.store())) {
      requireDamaged(node);
      out.println("the damaged store is now " + SetAside.rename(node.store(), now));
    }
    make(node, backup, now);
    tell(out, node, backup, chain);
    return 0;
  }

  /** Empty on Bitcoin, and where the chain is not to be asked. */
  private Optional<FurtherChannels> further(Whose.Node node, NodeBackup backup, ByteVector32 seed)
      throws CommandFailedException, ConfigException {
    if (!(backup instanceof NodeBackup.OfVouchers(VoucherBackup kept))) {
      if (evm != null || withoutChain) {
        throw new CommandFailedException(
            file + " is the backup of Bitcoin channels: leave out --evm and --without-chain");
      }
      return Optional.empty();
    }
    if (evm != null && node.pile().isPresent()) {
      throw new CommandFailedException("--evm is a driver's: --config says where the chain is");
    }
    LedgerSettings ledger;
    if (node.pile().isPresent()) {
      ledger = node.pile().get().ledger();
    } else if (evm != null) {
      ledger = ConfigFile.loadEvm(evm);
      requireContract(ledger, backup, "--evm");
    } else if (withoutChain) {
      return Optional.empty();
    } else {
      throw new CommandFailedException(
          "%s is the backup of channels on an EVM chain: give --evm FILE, so that the chain is asked for those that it lacks, or --without-chain"
              .formatted(file));
    }
    return withoutChain || !(ledger instanceof LedgerSettings.Evm on)
        ? Optional.empty()
        : Optional.of(
            FurtherChannels.look(on.evm(), new NodeKeys(seed, Signer.best(Logger::warn)), kept));
  }

  /** The node id in a pile's address; it was read when the backup was made. */
  static PublicKey nodeOf(String address) {
    try {
      return PileAddress.parse(address).node();
    } catch (CommandFailedException e) {
      throw new MalformedStateException("the backup's address of the pile: " + e.getMessage(), e);
    }
  }

  private void requireRole(Whose.Node node, NodeBackup backup) throws CommandFailedException {
    if (backup.metering() != node.pile().isPresent()) {
      throw new CommandFailedException(
          "%s is the backup of a %s: give %s"
              .formatted(
                  file,
                  backup.metering() ? "pile" : "driver's wallet",
                  backup.metering() ? "--config" : "--data"));
    }
    if (node.pile().isPresent()) {
      LedgerSettings ledger = node.pile().get().ledger();
      switch (backup) {
        case NodeBackup.OfPenalties _ -> requireNetwork(ledger, backup);
        case NodeBackup.OfVouchers _ -> requireContract(ledger, backup, "the configuration");
      }
    }
  }

  private void requireNetwork(LedgerSettings ledger, NodeBackup backup)
      throws CommandFailedException {
    if (!(ledger instanceof LedgerSettings.Bitcoin bitcoin)) {
      throw new CommandFailedException(
          file + " is the backup of Bitcoin channels, and the pile's ledger is another");
    }
    var network = Configured.network(bitcoin.chain().network());
    if (!network.genesis().value.equals(backup.ledger())) {
      throw new CommandFailedException(
          "%s is of another network than %s, which chain.network names"
              .formatted(file, network.name().toLowerCase(Locale.ROOT)));
    }
  }

  private void requireContract(LedgerSettings ledger, NodeBackup backup, String where)
      throws CommandFailedException {
    if (!(ledger instanceof LedgerSettings.Evm on)) {
      throw new CommandFailedException(
          file + " is the backup of channels on an EVM chain, and the pile's ledger is another");
    }
    Domain domain = new Domain(on.evm().chainId(), on.evm().voucherChannel());
    if (!domain.separator().equals(backup.ledger())) {
      throw new CommandFailedException(
          "%s is of another chain or contract than chain %d with %s, which evm.chain_id and evm.voucher_channel of %s name"
              .formatted(file, domain.chainId(), Eip55.write(domain.contract()), where));
    }
  }

  /** The agent would replace its own backup, and channels that only that one knows were lost. */
  private void requireLatest(Whose.Node node, NodeBackup backup, ByteVector32 seed)
      throws CommandFailedException {
    if (!Files.exists(node.backup())) {
      return;
    }
    NodeBackup own;
    try {
      own = BackupFile.read(node.backup(), seed);
    } catch (CommandFailedException e) {
      Logger.warn("{}", e.getMessage());
      return;
    }
    if (backup.isBehind(own)) {
      throw new CommandFailedException(
          "%s (made at %s) knows channels or payments that %s (made at %s) does not: restore from it, or move it away"
              .formatted(node.backup(), own.madeAt(), file, backup.madeAt()));
    }
  }

  /** A whole store knows more than any backup: to put it away would be a loss. */
  private void requireDamaged(Whose.Node node) throws CommandFailedException {
    if (!replaceDamaged) {
      throw new CommandFailedException(
          "%s is there, and is not overwritten. If it is damaged, give --replace-damaged: it is then renamed"
              .formatted(node.store()));
    }
    try (StoreView store = SqliteStore.openReadOnly(node.store())) {
      SqliteStore.requireSound(node.store());
      OwnStore.requireReadable(node.store(), store, node.reader());
    } catch (DamagedStoreException | ForeignFileException e) {
      return;
    }
    throw new CommandFailedException(
        "%s is not damaged, and was left as it is: start `%s`"
            .formatted(node.store(), node.start()));
  }

  /** Under another name at first, so that a store of the right name is always a filled one. */
  private static void make(Whose.Node node, NodeBackup backup, Instant now) throws IOException {
    if (backup instanceof NodeBackup.OfPenalties(var kept)) {
      new ChannelsBegin(kept.scanFrom(), kept.closingScript()).write(node.begin());
    }
    Path making = node.store().resolveSibling(node.store().getFileName() + MAKING);
    SetAside.clear(making);
    byte[] entropy = new byte[32];
    new SecureRandom().nextBytes(entropy);
    try (SqliteStore store = SqliteStore.open(making)) {
      if (backup instanceof NodeBackup.OfVouchers) {
        TokenName.begin(store);
      }
      node.settings()
          .ifPresentOrElse(
              settings -> Recovery.pile(store, backup, settings, now, new ByteVector32(entropy)),
              () -> Recovery.driver(store, backup, now, new ByteVector32(entropy)));
    }
    SetAside.install(making, node.store());
  }

  private static void tell(
      PrintWriter out, Whose.Node node, NodeBackup backup, Optional<FurtherChannels> chain) {
    switch (backup) {
      case NodeBackup.OfPenalties(var kept) ->
          kept.channels()
              .forEach(
                  entry ->
                      out.printf(
                          "channel %s of %,d sat with %s is to be recovered%n",
                          entry.channel().id(),
                          entry.channel().setup().capacity().value(),
                          entry.peer().toHex()));
      case NodeBackup.OfVouchers(var kept) -> kept.channels().forEach(entry -> tell(out, entry));
    }
    chain.stream()
        .flatMap(looked -> looked.found().stream())
        .forEach(entry -> out.printf("channel %s was not in the backup%n", entry.id()));
    chain.stream().flatMap(looked -> looked.left().stream()).forEach(out::println);
    out.printf(
        "restored from the backup of %s. Start `%s`%s: it asks the peers to close, and says what it"
            + " gets.%n",
        backup.madeAt(),
        node.start(),
        node.pile().isPresent()
            ? ""
            : backup.address().map(" --pile "::concat).orElse(" with the pile's address"));
    if (chain.isEmpty()) {
      out.println("Channels opened after the backup was made are not in it.");
    }
    out.flush();
  }

  private static void tell(PrintWriter out, VoucherBackup.Entry entry) {
    VoucherBook book = entry.book();
    VoucherSetup setup = book.setup();
    out.printf(
        "channel %s with %s is to be recovered; as of the backup, in base units: deposits %,d of"
            + " this side and %,d of the other, paid %,d by this side and %,d by the other%n",
        entry.id(),
        entry.peer().toHex(),
        book.deposits().of(setup.own()).value(),
        book.deposits().of(setup.own().other()).value(),
        book.paidBy(setup.own()).value(),
        book.paidBy(setup.own().other()).value());
  }
}
