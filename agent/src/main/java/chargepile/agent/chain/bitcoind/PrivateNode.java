package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * A bitcoind of our own, for the demo and the tests: regtest, alone, pruned and without a
 * transaction index, its RPC on a free port of 127.0.0.1 behind a cookie, its files in a temporary
 * folder. It runs under a shell that holds a pipe from this process, so that it ends with it, even
 * when this process is killed.
 *
 * <p>Not thread-safe, but for {@link #mine} and {@link #mineTo}.
 */
public final class PrivateNode implements AutoCloseable {
  /** Runs "$@" until standard input ends, and ends with it. */
  private static final String UNTIL_PIPE_CLOSES =
      "exec 3<&0; \"$@\" & node=$!; { read -r _ <&3; kill $node; } & wait $node; kill $!";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final int ATTEMPTS = 3;
  private static final String LOOPBACK = "127.0.0.1";
  private static final String REGTEST = "regtest";

  /** {@code OP_1}: anyone may spend it, so that these coins need no wallet. */
  private static final String NOBODY = "51";

  private final Path program;
  private final List<String> flags;
  private final Path folder;
  private final int port;
  private final BitcoindRpc rpc;
  private Process shell;
  private @Nullable ProcessHandle node;

  private PrivateNode(Path program, List<String> flags, Path folder) throws IOException {
    this.program = program;
    this.flags = List.copyOf(flags);
    this.folder = folder;
    this.port = freePort();
    this.rpc = new BitcoindRpc(endpoint());
    this.shell = launch(REGTEST);
  }

  /**
   * Starts one with a new chain, which has its genesis block only.
   *
   * @param flags for bitcoind, besides those that it always gets
   * @throws IOException when it does not start; the message has what it said
   */
  public static PrivateNode start(Path program, List<String> flags)
      throws IOException, InterruptedException {
    for (int i = 1; i < ATTEMPTS; i++) {
      try {
        return startOnce(program, flags);
      } catch (IOException e) {
        // Another process may have taken the port in the meantime.
        Logger.debug("trying again: {}", e.getMessage());
      }
    }
    return startOnce(program, flags);
  }

  private static PrivateNode startOnce(Path program, List<String> flags)
      throws IOException, InterruptedException {
    PrivateNode started =
        new PrivateNode(program, flags, Files.createTempDirectory("chargepile-bitcoind"));
    try {
      started.awaitReady();
      return started;
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /**
   * Where bitcoind is: on the PATH, else {@code bitcoin/bin/bitcoind} in the directory that the
   * system property {@code chargepile.peers} names.
   */
  public static Optional<Path> find() {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String directory : (path == null ? "" : path).split(":", -1)) {
      if (!directory.isEmpty()) {
        places.add(Path.of(directory, "bitcoind"));
      }
    }
    String peers = System.getProperty("chargepile.peers");
    if (peers != null) {
      places.add(Path.of(peers, "bitcoin", "bin", "bitcoind"));
    }
    return places.stream().filter(PrivateNode::isProgram).findFirst();
  }

  /** Whether a file is there and may be executed. */
  public static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** How to reach it, by its cookie. */
  public Endpoint endpoint() {
    return new Endpoint(
        URI.create("http://" + LOOPBACK + ":" + port),
        new Credentials.CookieFile(folder.resolve("regtest/.cookie")),
        START_TIMEOUT);
  }

  /** Its name and version, such as {@code Satoshi:29.1.0}. */
  public String version() {
    return rpc.ask("getnetworkinfo").at("subversion").text().replaceAll("^/|/$", "");
  }

  /** Makes a wallet and loads it. */
  public void createWallet(String name) {
    rpc.order("createwallet", name);
  }

  /** Mines blocks with what waits in the mempool; their coins are nobody's. */
  public void mine(int blocks) {
    mineTo(new ByteVector(NOBODY), blocks);
  }

  /** Likewise, with the coins paid to {@code script}. */
  public void mineTo(ByteVector script, int blocks) {
    String descriptor = "raw(" + script.toHex() + ")";
    String checksum = rpc.ask("getdescriptorinfo", descriptor).at("checksum").text();
    rpc.order("generatetodescriptor", blocks, descriptor + "#" + checksum);
  }

  BitcoindRpc rpc() {
    return rpc;
  }

  Path folder() {
    return folder;
  }

  /** Stops it at once, as a power cut does; it may {@link #restart}. */
  void kill() {
    running().forEach(ProcessHandle::destroyForcibly);
    stop();
  }

  /** Stops it as its operator does; it may {@link #restart}. */
  void stop() {
    List<ProcessHandle> running = running();
    try {
      shell.getOutputStream().close();
    } catch (IOException e) {
      Logger.debug("the shell around bitcoind is gone already: {}", e.getMessage());
    }
    if (!shell.isAlive()) {
      running.forEach(ProcessHandle::destroy);
    }
    awaitEnd(running);
  }

  /** Starts it again on what it has on disk. */
  void restart() throws IOException, InterruptedException {
    shell = launch(REGTEST);
    awaitReady();
  }

  /** Starts it, without waiting for it, on another network, of which it knows nothing yet. */
  void startAs(String network) throws IOException {
    shell = launch(network);
  }

  /** Of its process. */
  long pid() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("regtest/bitcoind.pid")).strip());
  }

  /** Stops it, waits for its end and deletes its files; closing twice is harmless. */
  @Override
  public void close() {
    rpc.close();
    stop();
    delete(folder);
  }

  /** Also when the shell was stopped without it, as Ctrl-C does. */
  private List<ProcessHandle> running() {
    return Stream.concat(shell.descendants(), Stream.ofNullable(node))
        .filter(ProcessHandle::isAlive)
        .distinct()
        .toList();
  }

  private Process launch(String network) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNTIL_PIPE_CLOSES, "bitcoind"));
    command.add(program.toString());
    command.addAll(
        List.of(
            "-" + network,
            "-datadir=" + folder,
            "-server=1",
            "-rpcport=" + port,
            "-rpcbind=" + LOOPBACK,
            "-rpcallowip=" + LOOPBACK,
            "-listen=0",
            "-connect=0",
            "-dnsseed=0",
            // An idle connection holds up its stop as long as this.
            "-rpcservertimeout=2",
            "-prune=1",
            "-keypool=5",
            "-fallbackfee=0.0001",
            "-dbcache=16",
            "-par=1",
            "-printtoconsole=0"));
    command.addAll(flags);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      try {
        rpc.await(Duration.ZERO, "getblockcount");
        node = ProcessHandle.of(pid()).orElse(null);
        return;
      } catch (ChainException e) {
        if (!shell.isAlive() || System.nanoTime() - end > 0) {
          throw new IOException(
              "%s does not start: %s".formatted(program, said().orElse(e.getMessage())), e);
        }
      }
      Thread.sleep(GLANCE);
    }
  }

  private Optional<String> said() {
    try {
      String output = Files.readString(folder.resolve("output")).strip();
      return output.isEmpty() ? Optional.empty() : Optional.of(output);
    } catch (IOException e) {
      return Optional.of("what it says can't be read: " + e);
    }
  }

  /** Waits although the thread is interrupted: that is how a command is told to stop. */
  private void awaitEnd(List<ProcessHandle> running) {
    boolean interrupted = Thread.interrupted();
    CompletableFuture<?> ends =
        CompletableFuture.allOf(
            Stream.concat(Stream.of(shell.toHandle()), running.stream())
                .map(ProcessHandle::onExit)
                .toArray(CompletableFuture[]::new));
    try {
      ends.get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      running.forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    } catch (ExecutionException e) {
      Logger.warn(e, "bitcoind may go on running: {}", running);
    } catch (InterruptedException e) {
      running.forEach(ProcessHandle::destroyForcibly);
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      Logger.warn("could not delete {}: {}", folder, e.getMessage());
    }
  }
}
