package chargepile.agent.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * An MQTT 5 broker through Eclipse Paho. It connects in the background, at first and after every
 * loss, with a fresh client, a clean start and nothing persisted: delivery is the channel's own
 * business, so a broker's PUBACK and a stored session prove nothing.
 *
 * <p>Listeners run on the client's callback thread or the connecting thread and must only enqueue.
 * What they throw is logged and harms nobody else.
 */
public final class PahoBus implements Bus {
  private static final int QOS = 1;

  /**
   * A frame, its topic and its properties have room. Said to the broker, which keeps longer ones
   * back: Paho 1.2.5 allocates whatever comes. It also sends nothing longer itself.
   */
  private static final long MOST_PACKET_BYTES = 2L * FrameCipher.MAX_FRAME_BYTES;

  private static final int KEEP_ALIVE_SECONDS = 20;
  private static final int CONNECT_SECONDS = 5;
  private static final long ANSWER_MILLIS = 10_000;
  private static final long LAST_WORDS_MILLIS = 1_500;
  private static final long HANGING_UP_MILLIS = 500;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Among the signals, which else are the numbers of connections that were lost. */
  private static final int CLOSING = -1;

  private final BrokerSettings settings;
  private final Subscribers subscribers = new Subscribers();
  private final Outflow outflow = new Outflow(this::carry);
  private final List<Consumer<Boolean>> connectionListeners = new ArrayList<>();
  private final BlockingQueue<Integer> signals = new LinkedBlockingQueue<>();
  private final Thread connector;
  private volatile @Nullable MqttAsyncClient client;
  private volatile boolean closing;
  private int connection;
  private boolean connected;
  private String lastProblem = "";

  /** Starts to connect, and returns at once. */
  public PahoBus(BrokerSettings settings) {
    this.settings = settings;
    this.connector =
        Thread.ofPlatform().daemon().name("mqtt-" + settings.clientId()).start(this::stayConnected);
  }

  @Override
  public String name() {
    return "mqtt " + settings.url();
  }

  /**
   * What keeps it from the broker since the last connection, for a person; empty when nothing does.
   */
  public synchronized String problem() {
    return lastProblem;
  }

  /** Messages that were never handed to the broker, for want of a connection or of room. */
  public long dropped() {
    return outflow.dropped();
  }

  @Override
  public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
    AutoCloseable handle = subscribers.add(filter, listener);
    MqttAsyncClient now = client;
    if (now != null) {
      try {
        now.subscribe(
            new MqttSubscription[] {subscription(filter)},
            null,
            new BrokerAnswer.Subscribed(filter),
            new MqttProperties());
      } catch (MqttException e) {
        Logger.debug("subscription to {} waits for a connection: {}", filter, e.getMessage());
      }
    }
    return () -> {
      handle.close();
      unsubscribe(filter);
    };
  }

  private void unsubscribe(String filter) {
    MqttAsyncClient now = client;
    if (now != null && !subscribers.wants(filter)) {
      try {
        now.unsubscribe(filter);
      } catch (MqttException e) {
        Logger.debug("subscription to {} ends with the connection: {}", filter, e.getMessage());
      }
    }
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
    outflow.add(new Outflow.Outgoing(topic, payload.clone(), retained, properties));
  }

  @Override
  public void onConnection(Consumer<Boolean> listener) {
    synchronized (connectionListeners) {
      connectionListeners.add(listener);
      if (connected) {
        listener.accept(true);
      }
    }
  }

  /**
   * Disconnects, which keeps the last will from being published; waits up to two seconds for what
   * was published before, and for the broker's answer. A connection that is only being made is not
   * waited for: it ends by itself.
   */
  @Override
  public void close() {
    closing = true;
    signals.add(CLOSING);
    try {
      if (client != null) {
        connector.join(LAST_WORDS_MILLIS + HANGING_UP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stayConnected() {
    Duration pause = SHORTEST_PAUSE;
    try {
      while (!closing) {
        long since = System.nanoTime();
        MqttAsyncClient fresh = connect();
        if (fresh != null) {
          serve(fresh);
          if (System.nanoTime() - since > LONGEST_PAUSE.toNanos()) {
            pause = SHORTEST_PAUSE;
          }
        }
        pauseUnlessClosing(jittered(pause));
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
      }
    } catch (InterruptedException e) {
      Logger.error("no more connections to {}: the thread was interrupted", settings.url());
    }
  }

  /** A connection with all subscriptions renewed, or null when there is none to be had. */
  private @Nullable MqttAsyncClient connect() {
    int number = ++connection;
    MqttAsyncClient fresh = null;
    try {
      fresh =
          new MqttAsyncClient(
              settings.url().toString(), settings.clientId(), new MemoryPersistence());
      fresh.setCallback(
          new BrokerCallback(
              subscribers,
              why -> {
                report(why);
                signals.add(number);
              }));
      IMqttToken connecting = fresh.connect(options());
      connecting.waitForCompletion(ANSWER_MILLIS);
      client = fresh;
      for (String filter : subscribers.filters()) {
        IMqttToken answer = fresh.subscribe(subscription(filter));
        answer.waitForCompletion(ANSWER_MILLIS);
        new BrokerAnswer.Subscribed(filter).onSuccess(answer);
      }
      Integer most = connecting.getResponseProperties().getReceiveMaximum();
      outflow.connected(most == null ? Outflow.IN_FLIGHT : Math.min(most, Outflow.IN_FLIGHT));
      return fresh;
    } catch (MqttException | RuntimeException e) {
      // Also what Paho should not throw: nobody else would ever connect again.
      report(problem(e));
      discard(fresh);
      return null;
    }
  }

  private String problem(Exception e) {
    return secure() && BrokerProblem.isCutOff(e)
        ? TlsProbe.refusal(settings.url(), tls()).map(TlsProblem::of).orElse(BrokerProblem.of(e))
        : BrokerProblem.of(e);
  }

  private boolean secure() {
    return settings.url().getScheme().equals("ssl");
  }

  private SSLContext tls() {
    return settings.tls().orElseGet(NoDelaySockets::defaultTls);
  }

  /** Returns when the connection is lost or the bus is closed. */
  private void serve(MqttAsyncClient serving) throws InterruptedException {
    synchronized (this) {
      lastProblem = "";
    }
    Logger.info("connected to the broker {}", settings.url());
    tell(true);
    if (awaitEnd() == CLOSING) {
      sayGoodbye(serving);
    }
    outflow.disconnected();
    tell(false);
    discard(serving);
  }

  /** Waits for the loss of the present connection or for closing; older losses are stale. */
  private int awaitEnd() throws InterruptedException {
    int signal = signals.take();
    while (signal != CLOSING && signal != connection) {
      signal = signals.take();
    }
    return signal;
  }

  private void pauseUnlessClosing(long nanos) throws InterruptedException {
    long until = System.nanoTime() + nanos;
    long left = nanos;
    while (!closing && left > 0) {
      signals.poll(left, TimeUnit.NANOSECONDS);
      left = until - System.nanoTime();
    }
  }

  private void sayGoodbye(MqttAsyncClient serving) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
    while (!outflow.isIdle() && System.nanoTime() - until < 0) {
      Thread.sleep(5);
    }
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    try {
      serving.disconnect(0).waitForCompletion(Math.max(left, 1)); // 0 would be for ever
    } catch (MqttException e) {
      Logger.debug("the broker {} was gone before the goodbye: {}", settings.url(), e.getMessage());
    }
  }

  private void discard(@Nullable MqttAsyncClient old) {
    client = null;
    if (old == null) {
      return;
    }
    try {
      if (old.isConnected()) {
        old.disconnectForcibly(0, 0, false);
      }
      old.close(true);
    } catch (MqttException e) {
      Logger.debug("an old connection to {} did not close: {}", settings.url(), e.getMessage());
    }
  }

  private void carry(Outflow.Outgoing message, Outflow.Flight flight) {
    MqttAsyncClient now = client;
    if (now == null) {
      flight.done();
      return;
    }
    try {
      now.publish(
          message.topic(),
          new MqttMessage(
              message.payload(), QOS, message.retained(), properties(message.properties())),
          null,
          new BrokerAnswer.Published(message.topic(), flight));
    } catch (MqttException e) {
      Logger.debug("not published on {}: {}", message.topic(), BrokerProblem.of(e));
      flight.done();
    }
  }

  private static MqttProperties properties(Properties properties) {
    MqttProperties said = new MqttProperties();
    properties.responseTopic().ifPresent(said::setResponseTopic);
    if (!properties.correlationData().isEmpty()) {
      said.setCorrelationData(properties.correlationData().toByteArray());
    }
    return said;
  }

  /** With the word whether a message was published to be retained, which MQTT else hides. */
  private static MqttSubscription subscription(String filter) {
    MqttSubscription subscription = new MqttSubscription(filter, QOS);
    subscription.setRetainAsPublished(true);
    return subscription;
  }

  private MqttConnectionOptions options() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(true);
    options.setAutomaticReconnect(false);
    options.setUseSubscriptionIdentifiers(false);
    options.setTopicAliasMaximum(0);
    options.setMaximumPacketSize(MOST_PACKET_BYTES);
    options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
    options.setConnectionTimeout(CONNECT_SECONDS);
    if (secure()) {
      options.setSocketFactory(NoDelaySockets.tls(tls()));
      options.setHttpsHostnameVerificationEnabled(true);
    } else {
      options.setSocketFactory(NoDelaySockets.plain());
    }
    settings
        .credentials()
        .ifPresent(
            credentials -> {
              options.setUserName(credentials.user());
              options.setPassword(credentials.password().getBytes(StandardCharsets.UTF_8));
            });
    settings
        .will()
        .ifPresent(
            will ->
                options.setWill(
                    will.topic(),
                    new MqttMessage(
                        will.payload().getBytes(StandardCharsets.UTF_8), QOS, true, null)));
    return options;
  }

  private void tell(boolean up) {
    synchronized (connectionListeners) {
      connected = up;
      for (Consumer<Boolean> listener : connectionListeners) {
        try {
          listener.accept(up);
        } catch (RuntimeException e) {
          Logger.error(e, "a listener to the connection with {} failed", settings.url());
        }
      }
    }
  }

  /** Logs a problem when it is another than the last one. */
  private synchronized void report(String problem) {
    if (!closing && !problem.equals(lastProblem)) {
      lastProblem = problem;
      Logger.warn("no connection to the broker {}: {}; trying again", settings.url(), problem);
    }
  }

  private static long jittered(Duration pause) {
    long nanos = pause.toNanos();
    return nanos - ThreadLocalRandom.current().nextLong(nanos / 4 + 1);
  }
}
