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
import java.io.PrintWriter;
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
 * {@code chargepile train}, for the build only: a demo, and a pile that starts and rests for a
 * moment, in one process. The classes that this loads are the ones that the image keeps ready.
 */
@Command(name = "train", hidden = true, description = "What the build's start-up cache is made of.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class TrainCommand implements Callable<Integer> {
  private static final long REST_SECONDS = 3;

  /** What runs before the pile. */
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
    demo.run();
    Optional<Path> bitcoind = PrivateNode.find();
    Optional<PrivateBroker> broker = PrivateBroker.start(Optional.empty());
    PrintWriter out = spec.commandLine().getOut();
    if (bitcoind.isEmpty() || broker.isEmpty()) {
      broker.ifPresent(PrivateBroker::close);
      out.println("without bitcoind or mosquitto `run` is not trained and starts slower");
    } else {
      try (PrivateBroker found = broker.get();
          PrivateNode node = PrivateNode.start(bitcoind.get(), List.of())) {
        rest(found, node);
      }
    }
    out.flush();
    return 0;
  }

  /** A pile at rest, until it is interrupted. */
  private void rest(PrivateBroker broker, PrivateNode node)
      throws ConfigException, CommandFailedException, IOException, InterruptedException {
    node.createWallet("pile");
    try (BitcoindWallet wallet =
        new BitcoindWallet(node.endpoint(), "pile", ReservedCoins.UNKEPT)) {
      node.mineTo(wallet.freshScript(), 1);
    }
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
            """
                .formatted(
                    broker.url(),
                    node.endpoint().url(),
                    ((Credentials.CookieFile) node.endpoint().credentials()).file()));
    Thread pile = Thread.currentThread();
    try (ScheduledExecutorService end = Executors.newSingleThreadScheduledExecutor()) {
      new PileDaemon(ConfigFile.load(file))
          .run(
              address -> {
                var unused = end.schedule(pile::interrupt, REST_SECONDS, TimeUnit.SECONDS);
              });
    } catch (InterruptedException e) {
      spec.commandLine().getOut().println("trained");
    }
  }
}
