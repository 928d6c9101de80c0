package chargepile.agent.cli.run;

import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.PrivateNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.demo.DemoFailedException;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.mqtt.PrivateBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chargepile train}, for the build and the package's installation only: a pile that starts
 * and rests for a moment. Where the machine has no bitcoind a demo runs, and the pile waits for its
 * node. The classes that this loads are the ones that the image keeps ready, and holds in memory as
 * long as it runs: what only a demo needs costs a pile at rest 10 MB.
 */
@Command(name = "train", hidden = true, description = "What the build's start-up cache is made of.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class TrainCommand implements Callable<Integer> {
  private static final long REST_SECONDS = 3;

  /** Where nothing answers. */
  private static final String NOBODY = "127.0.0.1:1";

  /** What runs where the pile has no node. */
  @FunctionalInterface
  public interface Demo {
    void run() throws DemoFailedException, IOException, InterruptedException;
  }

  private final Demo demo;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "An empty folder to work in.")
  private Path folder;

  public TrainCommand(Demo demo) {
    this.demo = demo;
  }

  @Override
  public Integer call()
      throws ConfigException,
          CommandFailedException,
          DemoFailedException,
          IOException,
          InterruptedException {
    Optional<Path> bitcoind = PrivateNode.find();
    Optional<PrivateBroker> broker = PrivateBroker.start(Optional.empty());
    try {
      String url = broker.map(found -> found.url().toString()).orElse("tcp://" + NOBODY);
      if (bitcoind.isPresent()) {
        withNode(url, bitcoind.get());
      } else {
        demo.run();
        Path cookie = Files.writeString(folder.resolve("cookie"), "__cookie__:nobody");
        rest(url, URI.create("http://" + NOBODY), cookie, true);
      }
    } finally {
      broker.ifPresent(PrivateBroker::close);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void withNode(String broker, Path bitcoind)
      throws ConfigException, CommandFailedException, IOException, InterruptedException {
    try (PrivateNode node = PrivateNode.start(bitcoind, List.of())) {
      node.createWallet("pile");
      try (BitcoindWallet wallet =
          new BitcoindWallet(node.endpoint(), "pile", ReservedCoins.UNKEPT)) {
        node.mineTo(wallet.freshScript(), 1);
      }
      Path cookie = ((Credentials.CookieFile) node.endpoint().credentials()).file();
      rest(broker, node.endpoint().url(), cookie, false);
    }
  }

  /** A pile at rest, or one that waits for its node, until it is interrupted. */
  private void rest(String broker, URI rpc, Path cookie, boolean waits)
      throws ConfigException, CommandFailedException, IOException, InterruptedException {
    Path file =
        Files.writeString(
            folder.resolve("pile.toml"),
            """
            [pile]
            id = "pile"
            data_dir = "pile"
            [gpio]
            backend = "simulated"
            [tariff]
            price_msat_per_kwh = 300000
            [mqtt]
            broker_url = "%s"
            [chain]
            rpc_url = "%s"
            cookie_file = "%s"
            wallet = "pile"
            [web]
            port = 0
            """
                .formatted(broker, rpc, cookie.toAbsolutePath()));
    Thread pile = Thread.currentThread();
    try (ScheduledExecutorService end = Executors.newSingleThreadScheduledExecutor()) {
      Runnable endSoon =
          () -> {
            var unused = end.schedule(pile::interrupt, REST_SECONDS, TimeUnit.SECONDS);
          };
      if (waits) {
        endSoon.run();
      }
      new PileDaemon(ConfigFile.load(file)).run(address -> endSoon.run());
    } catch (InterruptedException e) {
      spec.commandLine().getOut().println("trained");
    }
  }
}
