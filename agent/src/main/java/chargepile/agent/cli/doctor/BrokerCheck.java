package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.config.MqttSettings;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.PahoBus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The way to the broker and back: TCP, TLS, login, and a message of one's own on a topic of the
 * pile's own, which nobody else listens to and which is not retained.
 */
final class BrokerCheck implements Check {
  private static final int TCP_MILLIS = 5_000;
  private static final long LOGIN_SECONDS = 12;
  private static final long ECHO_SECONDS = 5;
  private static final long GLANCE_MILLIS = 20;

  private final Subject subject;

  BrokerCheck(Subject subject) {
    this.subject = subject;
  }

  /** How far it came. */
  sealed interface Reached {
    /** No connection; {@code why} for a person. */
    record Nothing(String why) implements Reached {}

    /** TCP, and then no further. */
    record Port(String why) implements Reached {}

    /** It is logged in; nothing came back on {@code topic}. */
    record Login(String topic) implements Reached {}

    /** All the way and back. */
    record Echo(Duration time) implements Reached {}
  }

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public Duration limit() {
    return Duration.ofSeconds(30);
  }

  @Override
  public List<Finding> look() throws CommandFailedException, InterruptedException {
    MqttSettings mqtt = subject.config().mqtt();
    return List.of(judge(mqtt, reached(mqtt), subject.config().pile().id()));
  }

  private Reached reached(MqttSettings mqtt) throws CommandFailedException, InterruptedException {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    String random = HexFormat.of().formatHex(bytes);
    BrokerSettings usual = Configured.broker(mqtt, Optional.empty());
    Optional<String> problem = knock(usual.url());
    if (problem.isPresent()) {
      return new Reached.Nothing(problem.get());
    }
    // Another client id than the daemon's, which would be thrown out.
    BrokerSettings settings =
        new BrokerSettings(
            usual.url(),
            "chargepile-doctor-" + random,
            usual.credentials(),
            usual.tls(),
            Optional.empty());
    String topic = "chargepile/%s/doctor/%s".formatted(subject.config().pile().id(), random);
    try (PahoBus bus = new PahoBus(settings)) {
      return talk(bus, topic);
    }
  }

  private static Reached talk(PahoBus bus, String topic) throws InterruptedException {
    CountDownLatch up = new CountDownLatch(1);
    CountDownLatch back = new CountDownLatch(1);
    var unused = bus.subscribe(topic, delivery -> back.countDown());
    bus.onConnection(
        connected -> {
          if (connected) {
            up.countDown();
          }
        });
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOGIN_SECONDS);
    while (!up.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
      String problem = bus.problem();
      if (!problem.isEmpty()) {
        return new Reached.Port(problem);
      }
      if (System.nanoTime() - until > 0) {
        return new Reached.Port("it does not answer");
      }
    }
    long sent = System.nanoTime();
    bus.publish(topic, "doctor".getBytes(StandardCharsets.UTF_8), false);
    return back.await(ECHO_SECONDS, TimeUnit.SECONDS)
        ? new Reached.Echo(Duration.ofNanos(System.nanoTime() - sent))
        : new Reached.Login(topic);
  }

  private static Optional<String> knock(URI broker) {
    String host = BrokersCertificate.bare(broker.getHost());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, broker.getPort()), TCP_MILLIS);
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("no host has the name " + host);
    } catch (IOException e) {
      return Optional.of("nothing answers there (%s)".formatted(e.getMessage()));
    }
  }

  static Finding judge(MqttSettings mqtt, Reached reached, String pile) {
    URI broker = mqtt.broker();
    return switch (reached) {
      case Reached.Nothing(String why) ->
          Finding.fail(
              "%s: %s".formatted(broker, why),
              "start the broker (systemctl status mosquitto), or correct mqtt.broker_url");
      case Reached.Port(String why) ->
          Finding.fail(
              "%s: %s".formatted(broker, why),
              mqtt.tls()
                  ? "see certificates, [mqtt] in the configuration, and the" + " broker's log"
                  : "see username and password_file in [mqtt], and the broker's log");
      case Reached.Login(String topic) ->
          Finding.fail(
              "%s lets the pile in, and what it says on %s does not come back"
                  .formatted(broker, topic),
              "let the broker's ACL give this user chargepile/%s/# to read and to write"
                  .formatted(pile));
      case Reached.Echo(Duration time) ->
          Finding.ok(
              "%s: %slogin, and back in %d ms"
                  .formatted(broker, mqtt.tls() ? "TLS 1.3, " : "", Math.max(1, time.toMillis())));
    };
  }
}
