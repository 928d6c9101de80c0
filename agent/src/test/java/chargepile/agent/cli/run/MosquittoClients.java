package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.mqtt.PrivateBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** {@code mosquitto_pub} and {@code mosquitto_sub}, as an integrator has them, over TLS. */
final class MosquittoClients {
  private static final long PATIENCE_SECONDS = 30;

  /** Retained, so that hearing it shows that the subscription stands. */
  private static final String STATUS = "chargepile/pile-1/status";

  /** What a program said, and how it ended. */
  record Result(int exit, String said) {}

  private final Path certs;
  private final int port;

  /**
   * @param certs the folder of the authority and the certificates
   */
  MosquittoClients(Path certs, int port) {
    this.certs = certs;
    this.port = port;
  }

  /** Publishes as {@code user}, with the certificates of {@code from}. */
  Result publish(Path from, String user, String topic, String... more)
      throws IOException, InterruptedException {
    List<String> command = command("mosquitto_pub", from, user, topic);
    command.addAll(Arrays.asList(more));
    return run(command);
  }

  /** Publishes as {@code user}. */
  Result publish(String user, String topic, String... more)
      throws IOException, InterruptedException {
    return publish(certs, user, topic, more);
  }

  /**
   * The topics on which something is retained for the pile {@code user}, that {@code filter}
   * matches. The sentinel was subscribed to last, so that hearing it means that all was heard.
   */
  List<String> retained(String user, String filter) throws IOException, InterruptedException {
    String sentinel = "chargepile/%s/sentinel".formatted(user);
    Result said = publish(user, sentinel, "-r", "-m", "there");
    assertEquals(0, said.exit(), said.said());
    List<String> command = command("mosquitto_sub", certs, user, filter);
    command.addAll(
        List.of(
            "-t", sentinel, "--retained-only", "-W", Long.toString(PATIENCE_SECONDS), "-F", "%t"));
    List<String> found = new ArrayList<>();
    try (Listener listener = new Listener(command)) {
      for (String topic = listener.await(any -> true);
          !topic.equals(sentinel);
          topic = listener.await(any -> true)) {
        found.add(topic);
      }
    }
    return found;
  }

  /**
   * Listens as {@code user}, once the pile is online: each line is topic, correlation data and
   * payload.
   */
  Listener listen(String user, String filter) throws IOException, InterruptedException {
    List<String> command = command("mosquitto_sub", certs, user, filter);
    command.addAll(List.of("-t", STATUS, "-F", "%t|%D|%p"));
    Listener listener = new Listener(command);
    listener.awaitSubscribed();
    return listener;
  }

  private List<String> command(String program, Path from, String user, String topic) {
    return new ArrayList<>(
        List.of(
            program(program).toString(),
            "-V",
            "mqttv5",
            "-h",
            "localhost",
            "-p",
            Integer.toString(port),
            "--cafile",
            certs.resolve("ca.pem").toString(),
            "--cert",
            from.resolve(user + ".pem").toString(),
            "--key",
            from.resolve(user + ".key").toString(),
            "--tls-version",
            "tlsv1.3",
            "-q",
            "1",
            "-t",
            topic));
  }

  private static Path program(String name) {
    Optional<Path> beside =
        PrivateBroker.find(Optional.empty())
            .map(broker -> broker.resolveSibling(name))
            .filter(Files::isExecutable);
    Path installed = Path.of("/usr/bin", name);
    return beside.orElseGet(
        () ->
            Files.isExecutable(installed)
                ? installed
                : Assumptions.abort("skipped: no " + name + " beside mosquitto or in /usr/bin"));
  }

  private static Result run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), said);
  }

  /** A {@code mosquitto_sub} at work. */
  static final class Listener implements AutoCloseable {
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> heard = new ArrayList<>();

    Listener(List<String> command) throws IOException {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
      try (BufferedReader reader = process.inputReader()) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        lines.add("unreadable: " + e);
      }
    }

    /** Waits for the retained status; what is retained besides may come before, and is kept. */
    private void awaitSubscribed() throws InterruptedException {
      List<String> early = new ArrayList<>();
      String line = await(any -> true);
      while (!line.equals(STATUS + "||online")) {
        early.add(line);
        line = await(any -> true);
      }
      lines.addAll(early);
    }

    /** The next line that is wanted. */
    String await(Predicate<String> wanted) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (System.nanoTime() < end) {
        String line = lines.poll(100, TimeUnit.MILLISECONDS);
        if (line != null) {
          heard.add(line);
          if (wanted.test(line)) {
            return line;
          }
        } else if (!process.isAlive()) {
          break;
        }
      }
      throw new AssertionError("not heard: " + String.join("\n", heard));
    }

    /** The next message. */
    String message() throws InterruptedException {
      return await(line -> !line.startsWith(STATUS));
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
