package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.node.BrokerOptions;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.NodeKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    description = {
      "Take requests over MQTT until it is stopped. It has no master key: what asks waits until the"
          + " operator",
      "decides with kgc approve or kgc deny on this machine, beside it."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FOLDER", description = "The centre's folder.")
  private Path folder;

  @Mixin private BrokerOptions broker;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.INFO);
    Pairing pairing = Pairing.best(reason -> Logger.warn("{}", reason));
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    String name;
    try (KgcFolder kgc = KgcFolder.open(folder, pairing)) {
      name = kgc.parameters().name().value();
    }
    NodeKeys keys =
        new NodeKeys(
            SeedFile.existing(folder.resolve(KgcFolder.NODE_SEED), Optional.empty()), signer);
    BrokerSettings settings =
        broker.settings("chargepile-kgc-" + keys.nodeId().toHex().substring(2, 18));
    PrintWriter out = spec.commandLine().getOut();
    Closings closings = new Closings();
    try {
      ScheduledExecutorService lane =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("kgc").daemon().factory());
      closings.add(lane::shutdownNow);
      PahoBus bus = closings.add(new PahoBus(settings));
      var desk =
          new FolderDesk(
              folder, signer, pairing, InstantSource.system(), request -> tell(out, request));
      closings.add(
          new Counter(
              new LinkEnvironment(
                  bus,
                  lane,
                  Scheduler.on(lane),
                  new SecureRandom(),
                  signer,
                  keys.nodeKey(),
                  LinkSettings.DEFAULTS),
              Topics.ofKgc(name),
              desk));
      out.printf("devices reach it at %s%n", address(keys, settings, name));
      out.flush();
      new CountDownLatch(1).await();
      return 0;
    } finally {
      closings.close();
    }
  }

  private static PileAddress address(NodeKeys keys, BrokerSettings settings, String name) {
    return new PileAddress(
        keys.nodeId(), settings.url().getHost() + ":" + settings.url().getPort(), name);
  }

  private void tell(PrintWriter out, RegistrationRequest request) {
    Lines.request(out, request);
    out.printf(
        "    waits. If its owner reads the same fingerprint: chargepile kgc approve %s %s, else"
            + " deny%n",
        folder, request.fingerprint());
    out.flush();
  }
}
