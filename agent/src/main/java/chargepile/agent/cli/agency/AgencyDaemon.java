package chargepile.agent.cli.agency;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.AccountKeyFile;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.cli.node.DeskFile;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.systemd.Systemd;
import chargepile.agent.config.AgencySettings;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.Reverts;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.WrongEvmChainException;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.AgencyDesk;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.runtime.AgencyNode;
import chargepile.agent.runtime.EvmBlocks;
import chargepile.agent.runtime.EvmMarketLedger;
import chargepile.agent.runtime.EvmVoucherLedger;
import chargepile.agent.runtime.Lane;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.MarketContracts;
import chargepile.agent.runtime.ReserveWatch;
import chargepile.agent.runtime.StoredOutbox;
import chargepile.agent.runtime.SystemTime;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** An agency at work for as long as the process lives: puts it together and keeps it. */
final class AgencyDaemon {
  /** The store's name in the data directory. */
  static final String STORE = "agency.db";

  /** Up to which block verdicts were told, in the data directory. */
  private static final String TOLD = "verdicts-told";

  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  /** Of the time for a review: from then on somebody should look. */
  private static final int LAST_PART = 4;

  private final AgencySettings settings;
  private final Map<FeederId, VetoReason> vetoes;
  private final Consumer<String> lines;

  /** What the chain says of the office, which never changes. */
  private record Office(
      MarketContracts contracts, EvmAddress registry, Trader grid, Duration review) {}

  /**
   * @param lines told to people on stdout, from any thread
   */
  AgencyDaemon(AgencySettings settings, Map<FeederId, VetoReason> vetoes, Consumer<String> lines) {
    this.settings = settings;
    this.vetoes = Map.copyOf(vetoes);
    this.lines = lines;
  }

  /**
   * Reviews until interrupted; everything is closed then.
   *
   * @throws CommandFailedException when somebody must correct something first
   */
  void run() throws CommandFailedException, IOException, InterruptedException {
    try (Closings closings = new Closings()) {
      Systemd systemd = closings.add(Systemd.of(System.getenv(), ProcessHandle.current().pid()));
      Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
      PrivateKey secret = AccountKeyFile.read(settings.keyFile());
      EvmKey key = new EvmKey(secret, signer);
      Path folder = Files.createDirectories(settings.dataDirectory());
      SqliteStore store = closings.add(OwnStore.open(folder.resolve(STORE), _ -> {}));
      EvmNode node = closings.add(Configured.evmNode(settings.evm()));
      TransactionSender sender =
          new TransactionSender(
              node,
              key,
              new StoredOutbox(store, settings.evm().chainId(), key.address()),
              Configured.fees(settings.evm().fees()),
              Configured.finality(settings.evm().finality()),
              reverts());
      Office office = reached(node, key.address(), systemd);
      EvmSettings.Pace pace = settings.evm().pace();
      EvmBlocks blocks =
          new EvmBlocks(
              node,
              sender,
              new EvmVoucherLedger.Pace(pace.poll(), pace.mostAge()),
              alert -> Logger.warn("{}", alert));
      SystemTime time = closings.add(new SystemTime());
      ExecutorService chainThread =
          Executors.newSingleThreadExecutor(Thread.ofPlatform().name("market").daemon().factory());
      closings.add(chainThread::shutdownNow);
      AtomicReference<Optional<ReviewOffice.Seen>> seen = new AtomicReference<>(Optional.empty());
      ChainSight sight = new ChainSight(time.nanos());
      ReviewOffice review =
          new ReviewOffice(
              () -> ReviewOffice.headOf(node),
              new RegisteredMeters(
                  new RegistryContract(node, office.registry())::meters,
                  signer.publicKey(secret),
                  settings.evm().firstBlock()),
              meters ->
                  EvmMarketLedger.ofAgency(
                      office.contracts(), secret, signer, sender, meters, blocks::onChange),
              blocks::onChange,
              new AgencyDesk(
                  new AgencyDesk.Policy(Set.of(office.grid()), vetoes, settings.collectFrom())),
              new Verdicts(
                  settings.orderBook(),
                  key.address(),
                  office.contracts().board()::history,
                  settings.evm().firstBlock(),
                  new DeskFile(folder, TOLD),
                  lines),
              new WaitingOrders(
                  Set.of(office.grid(), ChainNames.trader(key.address())),
                  office.review().dividedBy(LAST_PART)),
              time::nanos,
              looked -> {
                sight.seen(time.nanos());
                looked.news().warnings().forEach(warning -> Logger.warn("{}", warning));
                seen.set(Optional.of(looked));
              });
      AgencyNode agency =
          closings.add(
              new AgencyNode(
                  new Market(review, review, new DeskFile(folder), chainThread, _ -> {}),
                  Lane.thread("agency"),
                  time));
      agency.start();
      closings.add(
          new ReserveWatch(
              blocks::onChange,
              new ReviewPurse(
                  key.address(),
                  () -> asked(() -> node.balance(key.address(), BlockRef.LATEST)),
                  Wei.ofGwei(settings.gasReserveGwei())),
              () -> 0,
              chainThread,
              time,
              alert -> Logger.warn("{}", alert)));
      closings.add(systemd::stopping);
      lines.accept(begins(key.address(), office));
      systemd.ready();
      while (agency.failure().isEmpty()) {
        sight.look(time.nanos(), blocks.doubt());
        systemd.status(status(Objects.requireNonNull(seen.get()), sight));
        systemd.beat(agency::inTurn);
        Thread.sleep(GLANCE);
      }
      throw new CommandFailedException(
          String.valueOf(agency.failure().get().getMessage()), agency.failure().get());
    }
  }

  private static Reverts reverts() {
    return ContractArtifact.reverts(
        ContractArtifact.load("ReviewBoard"),
        ContractArtifact.load("OrderBook"),
        ContractArtifact.load("Registry"),
        ContractArtifact.load("EnergyAccountToken"));
  }

  private String begins(EvmAddress account, Office office) {
    return "reviewing the orders of %s on chain %d as the agency %s; each within %s"
        .formatted(
            Eip55.write(settings.orderBook()),
            settings.evm().chainId(),
            Eip55.write(account),
            Figures.duration(office.review()));
  }

  /** Asked again until a node answers; what somebody must correct is not. */
  private Office reached(EvmNode node, EvmAddress account, Systemd systemd)
      throws CommandFailedException, InterruptedException {
    String told = "";
    while (true) {
      try {
        return office(node, account);
      } catch (WrongEvmChainException e) {
        throw new CommandFailedException(String.valueOf(e.getMessage()), e);
      } catch (EvmException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("stopped while waiting for the chain");
        }
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(told)) {
          Logger.warn("no chain, so nothing is reviewed yet; asking again: {}", reason);
          told = reason;
        }
        systemd.waiting("no chain: " + reason);
        Thread.sleep(ASK_AGAIN);
      }
    }
  }

  private Office office(EvmNode node, EvmAddress account) throws CommandFailedException {
    var unused = node.chainId();
    requireCode(node, "order_book", settings.orderBook());
    requireCode(node, "review_board", settings.reviewBoard());
    MarketContracts contracts =
        MarketContracts.of(node, settings.orderBook(), settings.evm().firstBlock());
    if (!contracts.board().address().equals(settings.reviewBoard())) {
      throw new CommandFailedException(
          "the order book %s has its orders reviewed at %s, and market.review_board is %s: correct one of them"
              .formatted(
                  Eip55.write(settings.orderBook()),
                  Eip55.write(contracts.board().address()),
                  Eip55.write(settings.reviewBoard())));
    }
    requireAgency(contracts, account);
    return new Office(
        contracts,
        contracts.orders().registry(),
        ChainNames.trader(contracts.board().grid()),
        contracts.orders().timing().review());
  }

  private void requireCode(EvmNode node, String key, EvmAddress address)
      throws CommandFailedException {
    if (node.code(address, BlockRef.LATEST).isEmpty()) {
      throw new CommandFailedException(
          "there is no contract at %s on chain %d: correct market.%s, or wait until the node has caught up"
              .formatted(Eip55.write(address), settings.evm().chainId(), key));
    }
  }

  private void requireAgency(MarketContracts contracts, EvmAddress account)
      throws CommandFailedException {
    EvmAddress agency = contracts.board().agency();
    if (agency.equals(account)) {
      return;
    }
    boolean deputy = contracts.board().deputy().filter(account::equals).isPresent();
    throw new CommandFailedException(
        "%s is the account %s, %s; the agency of the review board %s is %s: correct agency.key_file, or market.review_board"
            .formatted(
                settings.keyFile(),
                Eip55.write(account),
                deputy
                    ? "the deputy, who reviews by hand (market review order)"
                    : "which may not review",
                Eip55.write(settings.reviewBoard()),
                Eip55.write(agency)));
  }

  private static String status(Optional<ReviewOffice.Seen> seen, ChainSight sight) {
    return sight
        .trouble()
        .orElseGet(
            () ->
                seen.map(
                        looked ->
                            "%d orders wait%s; block %d"
                                .formatted(
                                    looked.news().waiting(),
                                    looked
                                        .news()
                                        .next()
                                        .map(next -> ", one until " + next)
                                        .orElse(""),
                                    looked.head().number()))
                    .orElse("reading the market"));
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
  }
}
