package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.Purse;
import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Bitcoin;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both programs with wallets of their own seeds, over a real broker and an Esplora server. */
class PileAndDriverWithoutNodeTest {
  private static final Pattern ADDRESS = Pattern.compile("bcrt1[02-9ac-hj-np-z]+");
  private static final ByteVector HOME = Purse.named("the pile's owner").script();

  @TempDir private Path folder;
  private RegtestNode node;
  private RegtestEsplora esplora;
  private PrivateBroker broker;

  @BeforeEach
  void start() throws IOException {
    broker = RealBroker.start();
    node = RegtestNode.start();
    esplora = new RegtestEsplora(node);
    Files.writeString(folder.resolve("car.csv"), "seconds,power_w\n0,20000\n10,0\n");
    Files.writeString(
        folder.resolve("pile.toml"),
        """
        [pile]
        id = "pile-1"
        data_dir = "pile"
        [gpio]
        backend = "simulated"
        trace_file = "car.csv"
        [tariff]
        price_msat_per_kwh = 100000000
        [exposure]
        increment_wh = 10
        credit_wh = 30
        [channel]
        minimum_depth_blocks = 1
        [mqtt]
        broker_url = "%s"
        [chain]
        backend = "esplora"
        esplora_url = "%s"
        esplora_poll_s = 1
        [wallet]
        sweep_to = "%s"
        """
            .formatted(
                broker.url(),
                esplora.url(),
                Bitcoin.addressFromPublicKeyScript(
                        Block.RegtestGenesisBlock.hash, HOME.toByteArray())
                    .getRight()));
  }

  @AfterEach
  void stop() {
    if (node != null) {
      esplora.close();
      node.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void aSessionIsPaidToTheConfiguredAddress() throws Exception {
    try (Program pile =
        new Program(this::mine, "run", "--config", folder.resolve("pile.toml").toString())) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program poor = driver("charge", address, "--max-price=100000000")) {
        Matcher told = ADDRESS.matcher(poor.await(line -> ADDRESS.matcher(line).find()));
        assertTrue(told.find());
        node.fund(script(told.group()), new Satoshi(1_000_000));
      }
      try (Program driver = driver("charge", address, "--max-price=100000000")) {
        driver.await(line -> line.startsWith("paid "));
        driver.await(line -> line.startsWith("session ended"));
        assertEquals(0, driver.exit(), driver.said());
      }
      try (Program driver = driver("close", address)) {
        driver.await(line -> line.equals("settled: cooperative close"));
        assertEquals(0, driver.exit(), driver.said());
      }
      assertTrue(node.balance(HOME).compareTo(Satoshi.ZERO) > 0);
    }
  }

  private Program driver(String verb, String address, String... more) throws IOException {
    List<String> args =
        List.of(
            "driver",
            verb,
            "--pile=" + address,
            "--data=" + folder.resolve("driver"),
            "--esplora-url=" + esplora.url());
    return new Program(
        this::mine, Stream.concat(args.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private static ByteVector script(String address) {
    return new ByteVector(
        Script.write(
            Objects.requireNonNull(
                Bitcoin.addressToPublicKeyScript(Block.RegtestGenesisBlock.hash, address)
                    .getRight())));
  }

  private void mine() {
    node.mine(1);
  }
}
