package chargepile.agent.cli.register;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BrokerOptions;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.TlsFiles;
import chargepile.agent.config.Config;
import chargepile.agent.config.MqttSettings;
import chargepile.agent.identity.RegistrationMessage;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import fr.acinq.bitcoin.ByteVector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Asks a centre over a broker, and waits for what its operator decides. */
final class Asking {
  private final Device.Opened device;
  private final PileAddress address;
  private final BrokerOptions options;

  /**
   * @param address of the centre: node key, broker, name
   * @param options the broker, where it is not the configuration's or the address's
   */
  Asking(Device.Opened device, PileAddress address, BrokerOptions options) {
    this.device = device;
    this.address = address;
    this.options = options;
  }

  /**
   * The reply.
   *
   * @param said told what the centre says meanwhile, each thing once
   * @throws CommandFailedException when it says no, or nothing for so long
   */
  ByteVector ask(ByteVector request, Duration most, Consumer<String> said)
      throws CommandFailedException, InterruptedException {
    BrokerSettings settings = broker();
    Topics topics = topics();
    Closings closings = new Closings();
    try {
      ScheduledExecutorService lane =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("register").daemon().factory());
      closings.add(lane::shutdownNow);
      PahoBus bus = closings.add(new PahoBus(settings));
      KgcLink link =
          closings.add(
              new KgcLink(
                  new LinkEnvironment(
                      bus,
                      lane,
                      Scheduler.on(lane),
                      new SecureRandom(),
                      device.keys().signer(),
                      device.keys().nodeKey(),
                      LinkSettings.DEFAULTS),
                  topics,
                  address.node(),
                  request));
      return reply(link, most, said, settings);
    } finally {
      closings.close();
    }
  }

  private ByteVector reply(
      KgcLink link, Duration most, Consumer<String> said, BrokerSettings settings)
      throws CommandFailedException, InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    String last = "";
    while (true) {
      long left = until - System.nanoTime();
      Optional<RegistrationMessage> heard = link.next(Duration.ofNanos(Math.max(0, left)));
      if (heard.isEmpty()) {
        throw new CommandFailedException(
            last.isEmpty()
                ? "no answer from %s within %d s: does kgc serve run there, on the broker %s, and does the broker let both in?"
                    .formatted(address, most.toSeconds(), settings.url())
                : "the operator has not decided within %d s: run the same again, the request stays the same"
                    .formatted(most.toSeconds()));
      }
      switch (heard.get()) {
        case RegistrationMessage.Issued(ByteVector reply) -> {
          return reply;
        }
        case RegistrationMessage.Refused(String text) ->
            throw new CommandFailedException("%s says no: %s".formatted(address.pile(), text));
        case RegistrationMessage.Waiting(String text) -> {
          if (!text.equals(last)) {
            said.accept(text);
          }
          last = text;
        }
        case RegistrationMessage.Register _ -> {} // a device's, not the centre's
      }
    }
  }

  /** A client of its own: with the name of the pile's daemon it would throw that one out. */
  private BrokerSettings broker() throws CommandFailedException {
    String client = "chargepile-register-" + device.keys().nodeId().toHex().substring(2, 18);
    if (options.named()) {
      return options.settings(client);
    }
    if (device.pile().isEmpty()) {
      return options.settings(client, address.brokerUrl());
    }
    BrokerSettings pile = Configured.broker(device.pile().get().mqtt(), Optional.empty());
    return new BrokerSettings(pile.url(), client, pile.credentials(), pile.tls(), Optional.empty());
  }

  private Topics topics() throws CommandFailedException {
    Topics kgc = Topics.ofKgc(address.pile());
    Optional<Config> pile = device.pile();
    if (options.named() || pile.isEmpty()) {
      return options.own(kgc);
    }
    MqttSettings mqtt = pile.get().mqtt();
    return new TlsFiles(mqtt.caFile(), mqtt.certificateFile(), mqtt.keyFile())
        .user()
        .map(kgc::as)
        .orElse(kgc);
  }
}
