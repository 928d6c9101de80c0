package chargepile.agent.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * A mosquitto of our own on a free port of 127.0.0.1, for the demo and the tests: open to every
 * local user, nothing persisted. It runs under a shell that holds a pipe from this process, so that
 * it ends with it, even when this process is killed.
 */
public final class PrivateBroker implements AutoCloseable {
  /** Runs "$@" until standard input ends. */
  private static final String UNTIL_PIPE_CLOSES =
      "\"$@\" & broker=$!; read -r _; kill $broker; wait $broker";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 3;
  private static final String LOOPBACK = "127.0.0.1";

  private final Process process;
  private final Path directory;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PrivateBroker(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /** Starts one, or gives nothing when no mosquitto is found or none starts; the log says which. */
  public static Optional<PrivateBroker> start(Optional<Path> mosquitto) {
    Optional<Path> program = find(mosquitto);
    if (program.isEmpty()) {
      Logger.info("no mosquitto on the PATH nor beside the program");
      return Optional.empty();
    }
    String problem = "";
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return Optional.of(start(program.get(), freePort()));
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    Logger.warn("{} does not start: {}", program.get(), problem);
    return Optional.empty();
  }

  /**
   * Where mosquitto is: {@code given}, else on the PATH or in /usr/sbin, else {@code
   * mosquitto/bin/mosquitto} in the directory that the system property {@code chargepile.peers}
   * names.
   */
  public static Optional<Path> find(Optional<Path> given) {
    List<Path> places = new ArrayList<>();
    given.ifPresent(places::add);
    String path = System.getenv("PATH");
    for (String directory : ((path == null ? "" : path) + ":/usr/sbin").split(":", -1)) {
      if (!directory.isEmpty()) {
        places.add(Path.of(directory, "mosquitto"));
      }
    }
    String peers = System.getProperty("chargepile.peers");
    if (peers != null) {
      places.add(Path.of(peers, "mosquitto", "bin", "mosquitto"));
    }
    return places.stream()
        .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
        .findFirst();
  }

  /** Starts {@code mosquitto} on {@code port}; throws when it does not accept connections. */
  static PrivateBroker start(Path mosquitto, int port) throws IOException, InterruptedException {
    return start(
        mosquitto,
        port,
        """
        listener %d %s
        allow_anonymous true
        set_tcp_nodelay true
        max_topic_alias 0
        persistence false
        log_type error
        log_type warning
        """
            .formatted(port, LOOPBACK));
  }

  /** As {@link #start(Path, int)}, with a configuration that makes it listen on {@code port}. */
  static PrivateBroker start(Path mosquitto, int port, String settings)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("chargepile-mosquitto");
    Path config = directory.resolve("mosquitto.conf");
    Path log = directory.resolve("log");
    Files.writeString(config, settings);
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                UNTIL_PIPE_CLOSES,
                "mosquitto",
                mosquitto.toString(),
                "-c",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    PrivateBroker broker = new PrivateBroker(process, directory, port);
    if (!broker.accepts(log)) {
      String said = Files.readString(log).strip();
      broker.close();
      throw new IOException(
          "nothing accepts connections on port %d; it said: %s".formatted(port, said));
    }
    return broker;
  }

  /** {@code tcp://127.0.0.1:port}. */
  public URI url() {
    return URI.create("tcp://" + LOOPBACK + ":" + port);
  }

  int port() {
    return port;
  }

  /** Ends it at once, as a power cut does; to be closed all the same. */
  void kill() throws InterruptedException {
    for (ProcessHandle mosquitto : programs()) {
      mosquitto.destroyForcibly();
      while (canConnect()) {
        Thread.sleep(1);
      }
    }
  }

  /** Its processes. */
  List<ProcessHandle> programs() {
    return process.descendants().toList();
  }

  /** Stops it and waits for its end; its files are deleted. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    List<ProcessHandle> children = programs();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      Logger.warn("the private broker may go on running: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    delete(directory);
  }

  /** Waits until it listens; mosquitto says "Error: …" about whatever keeps it from that. */
  private boolean accepts(Path log) throws IOException, InterruptedException {
    long until = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() - until < 0 && !Files.readString(log).contains("rror")) {
      if (canConnect()) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }

  private boolean canConnect() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      Logger.warn("could not delete {}: {}", directory, e.getMessage());
    }
  }
}
