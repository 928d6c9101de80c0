package chargepile.agent.cli.run;

import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Where pile and driver meet as processes: a folder for each, a real broker and a real node. */
final class Site implements AutoCloseable {
  /** What the driver's wallet holds at the beginning. */
  static final Satoshi PURSE = new Satoshi(1_000_000);

  private static final Duration BETWEEN_BLOCKS = Duration.ofSeconds(1);

  private final Path folder;
  private final int number;
  private final RegtestNode node;
  private final boolean owner;
  private PrivateBroker broker;
  private boolean mining = true;

  /** When the last block was made; of all sites of a node. */
  private final AtomicLong mined;

  /**
   * @param car what the simulated car draws, as a CSV
   * @param settings lines of configuration besides those that say where everything is
   */
  Site(Path folder, String car, String settings) throws IOException {
    this(
        folder,
        1,
        RealBroker.start(),
        RegtestNode.start(),
        true,
        new AtomicLong(System.nanoTime()));
    configure(car, settings);
  }

  /** With a pile that is to run on a {@link Bench}. */
  Site(Path folder, String settings) throws IOException {
    this(
        folder,
        1,
        RealBroker.start(),
        RegtestNode.start(),
        true,
        new AtomicLong(System.nanoTime()));
    write("[gpio]\nbackend = \"pi\"", settings);
  }

  private Site(
      Path folder,
      int number,
      PrivateBroker broker,
      RegtestNode node,
      boolean owner,
      AtomicLong mined) {
    this.folder = folder;
    this.number = number;
    this.broker = broker;
    this.node = node;
    this.owner = owner;
    this.mined = mined;
    node.createWallet("pile-" + number);
    node.createWallet("driver-" + number);
    fund();
  }

  /** Another pile with its driver over the same broker and node; to be closed before this one. */
  Site beside(Path folder, int number, String car, String settings) throws IOException {
    Site site = new Site(folder, number, broker, node, false, mined);
    site.configure(car, settings);
    return site;
  }

  /** Gives the driver's wallet a purse. */
  void fund() {
    try (BitcoindWallet wallet =
        new BitcoindWallet(node.endpoint(), "driver-" + number, ReservedCoins.UNKEPT)) {
      synchronized (node) {
        node.fund(wallet.freshScript(), PURSE);
      }
    }
  }

  private void configure(String car, String settings) throws IOException {
    Files.writeString(folder.resolve("car.csv"), car);
    write("[gpio]\nbackend = \"simulated\"\ntrace_file = \"car.csv\"", settings);
  }

  private void write(String gpio, String settings) throws IOException {
    Files.writeString(
        folder.resolve("pile.toml"),
        """
        [pile]
        id = "pile-%d"
        data_dir = "pile"
        %s
        [mqtt]
        broker_url = "%s"
        [chain]
        rpc_url = "%s"
        cookie_file = "%s"
        wallet = "pile-%d"
        [channel]
        minimum_depth_blocks = 1
        %s
        """
            .formatted(
                number, gpio, broker.url(), node.endpoint().url(), cookie(), number, settings));
  }

  /** The pile; to be killed or closed by the caller. */
  Program pile() throws IOException {
    return pileUnder(List.of());
  }

  /** The pile as a process that {@code under} makes. */
  Program pileUnder(List<String> under) throws IOException {
    return new Program(
        this::mine, under, "run", "--config", folder.resolve("pile.toml").toString());
  }

  /** The pile on a bench. */
  Program pileOn(Bench bench) throws IOException {
    return bench.program(
        this::mine, List.of(), "run", "--config", folder.resolve("pile.toml").toString());
  }

  /** The node behind {@link #pile}. */
  RegtestNode node() {
    return node;
  }

  /** The driver's command {@code verb} at the pile with an address. */
  Program driver(String verb, String address, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "driver",
                verb,
                "--pile=" + address,
                "--data=" + data("driver"),
                "--rpc-url=" + node.endpoint().url(),
                "--rpc-cookie=" + cookie(),
                "--rpc-wallet=driver-" + number));
    args.addAll(List.of(more));
    return new Program(this::mine, args.toArray(String[]::new));
  }

  /** What only looks at the driver's folder. */
  Program look(String verb, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("driver", verb, "--data", data("driver").toString()));
    args.addAll(List.of(more));
    return new Program(() -> {}, args.toArray(String[]::new));
  }

  /** The folder of {@code pile} or {@code driver}. */
  Path data(String who) {
    return folder.resolve(who);
  }

  /** The database of {@code pile} or {@code driver}. */
  Path database(String who) {
    return data(who).resolve(who + ".db");
  }

  /** What pile and driver have committed. */
  Standings standings() {
    return standings(database("pile"));
  }

  /** Likewise, with the pile's database in another place. */
  Standings standings(Path pilesDatabase) {
    try (StoreView pile = SqliteStore.openReadOnly(pilesDatabase);
        StoreView driver = SqliteStore.openReadOnly(database("driver"))) {
      return Standings.of(pile, driver);
    }
  }

  /** The topics of the pile. */
  Topics topics() {
    return Topics.of("pile-" + number);
  }

  /** Listens to what the pile publishes. */
  Watcher watcher() {
    return new Watcher(broker.url(), topics());
  }

  /** How many transactions wait for a block. */
  int unconfirmed() {
    return node.mempool().size();
  }

  /** What the wallet of {@code pile} or {@code driver} can spend, in satoshi. */
  long balance(String wallet) {
    try (BitcoindWallet of =
        new BitcoindWallet(node.endpoint(), wallet + "-" + number, ReservedCoins.UNKEPT)) {
      return of.balance().value();
    }
  }

  /**
   * Whether there is a block from time to time while the test waits for a program; at first yes.
   */
  void mining(boolean wanted) {
    mining = wanted;
  }

  private void mine() {
    long last = mined.get();
    long now = System.nanoTime();
    if (mining && now - last > BETWEEN_BLOCKS.toNanos() && mined.compareAndSet(last, now)) {
      synchronized (node) {
        node.mine(1);
      }
    }
  }

  /** The broker dies as in a power cut, and comes back with nothing retained. */
  void killBroker() throws IOException, InterruptedException {
    RealBroker.kill(broker);
  }

  void restartBroker() throws IOException, InterruptedException {
    PrivateBroker gone = broker;
    broker = RealBroker.restart(gone);
    gone.close();
  }

  /** The broker hangs: it keeps its connections, takes new ones and answers nothing. */
  void pauseBroker() throws IOException, InterruptedException {
    RealBroker.signal(broker, "STOP");
  }

  void resumeBroker() throws IOException, InterruptedException {
    RealBroker.signal(broker, "CONT");
  }

  /** The pile's configuration. */
  Path configuration() {
    return folder.resolve("pile.toml");
  }

  private Path cookie() {
    return ((Credentials.CookieFile) node.endpoint().credentials()).file();
  }

  @Override
  public void close() {
    if (owner) {
      node.close();
      broker.close();
    }
  }
}
