package chargepile.agent.cli.run;

import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.Wei;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where pile and driver meet as processes: a folder for each, a real broker, and a real EVM node
 * with token and contract.
 */
final class EvmSite implements AutoCloseable {
  /** What the driver's account holds at the beginning: 100 tokens. */
  static final Amount PURSE = new Amount(100_000_000);

  /** The challenge period of channels. */
  static final Duration PERIOD = Duration.ofHours(2);

  private static final Wei COIN = Wei.ofGwei(1_000_000_000);
  private static final Duration BETWEEN_BLOCKS = Duration.ofSeconds(1);

  /** A contract that answers every question with 6. */
  private static final ByteVector SAYS_6 = ByteVector.fromHex("60065f5260205ff3");

  private static final EvmAddress UNDERLYING =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");

  /** In the place of a registry: piles are not obliged. */
  private static final EvmAddress NOBODY = EvmAddress.of("0x" + "00".repeat(20));

  private final Path folder;
  private final PrivateBroker broker;
  private final Anvil anvil;
  private final EvmRpc node;
  private final TokenContract token;
  private final EvmAddress contract;
  private long mined = System.nanoTime();
  private boolean mining = true;
  private boolean gone;

  /**
   * @param car what the simulated car draws, as a CSV
   * @param settings lines of configuration besides those that say where everything is
   */
  EvmSite(Path folder, String car, String settings) throws IOException, InterruptedException {
    this.folder = folder;
    anvil = Anvil.mining();
    broker = RealBroker.start();
    node = anvil.rpc();
    EvmKey deployer = Anvil.key(0);
    anvil.setCode(UNDERLYING, SAYS_6);
    token =
        new TokenContract(
            node,
            anvil.create(
                deployer, ContractArtifact.load("EnergyAccountToken").creation("t", UNDERLYING)));
    contract =
        anvil.create(
            deployer,
            ContractArtifact.load("VoucherChannel").creation("v", 3600L, 86_400L, 86_400L, NOBODY));
    for (String who : List.of("pile", "driver")) {
      anvil.setBalance(account(who), COIN);
    }
    anvil.give(token.address(), account("driver"), PURSE);
    Files.writeString(folder.resolve("car.csv"), car);
    Files.writeString(folder.resolve("evm.toml"), evm());
    Files.writeString(
        folder.resolve("pile.toml"),
        """
        ledger = "evm"
        [pile]
        id = "pile-1"
        data_dir = "pile"
        [gpio]
        backend = "simulated"
        trace_file = "car.csv"
        [mqtt]
        broker_url = "%s"
        %s
        %s
        """
            .formatted(broker.url(), evm(), settings));
  }

  /** The section that both sides have. */
  private String evm() {
    return """
    [evm]
    rpc_url = "%s"
    chain_id = %d
    voucher_channel = "%s"
    token = "%s"
    finality = "depth"
    final_depth_blocks = 1
    poll_s = 1
    challenge_period_s = %d
    minimum_challenge_period_s = 3600
    least_deposit_base_units = 1000000
    deposit_base_units = 20000000
    """
        .formatted(
            anvil.endpoint().url(), Anvil.CHAIN_ID, contract, token.address(), PERIOD.toSeconds());
  }

  /** The pile; to be killed or closed by the caller. */
  Program pile() throws IOException {
    return new Program(this::mine, "run", "--config", folder.resolve("pile.toml").toString());
  }

  /** The driver's command {@code verb} at the pile with an address. */
  Program driver(String verb, String address, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "driver",
                verb,
                "--pile=" + address,
                "--data=" + folder.resolve("driver"),
                "--evm=" + folder.resolve("evm.toml")));
    args.addAll(List.of(more));
    return new Program(this::mine, args.toArray(String[]::new));
  }

  /** What only looks at the driver's folder. */
  Program look(String verb, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("driver", verb, "--data", folder.resolve("driver").toString()));
    args.addAll(List.of(more));
    return new Program(() -> {}, args.toArray(String[]::new));
  }

  /** Listens to what the pile publishes. */
  Watcher watcher() {
    return new Watcher(broker.url(), Topics.of("pile-1"));
  }

  /** The account of {@code pile} or {@code driver}. */
  EvmAddress account(String who) {
    Path home = folder.resolve(who);
    try {
      Files.createDirectories(home);
      NodeKeys keys =
          new NodeKeys(
              SeedFile.open(home.resolve("seed"), Optional.empty(), home.resolve(who + ".db")),
              new BouncyCastleSigner());
      return new EvmKey(keys.accountKey(), keys.signer()).address();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What the account of {@code pile} or {@code driver} has of the token. */
  Amount balance(String who) {
    return token.balance(account(who), BlockRef.LATEST);
  }

  /** What the contract holds. */
  Amount held() {
    return token.balance(contract, BlockRef.LATEST);
  }

  /** Whether there is a block each second while the test waits for a program; at first yes. */
  void mining(boolean wanted) {
    mining = wanted;
  }

  /** Lets the chain's time pass. */
  void passTime(Duration time) {
    anvil.passTime(time);
    anvil.mine(1);
  }

  private void mine() {
    long now = System.nanoTime();
    if (mining && !gone && now - mined > BETWEEN_BLOCKS.toNanos()) {
      mined = now;
      anvil.mine(1);
    }
  }

  /** The node goes away, for good. */
  void killNode() {
    if (!gone) {
      gone = true;
      node.close();
      anvil.close();
    }
  }

  Path configuration() {
    return folder.resolve("pile.toml");
  }

  @Override
  public void close() {
    killNode();
    broker.close();
  }
}
