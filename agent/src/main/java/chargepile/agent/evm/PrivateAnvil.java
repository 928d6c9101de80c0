package chargepile.agent.evm;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * An anvil of our own, for the demo: a private chain in memory on a free port of 127.0.0.1, which
 * mines a block for every transaction unless its flags say otherwise, and whose clock can be put
 * forward. It runs under a shell that holds a pipe from this process, so that it ends with it, even
 * when this process is killed.
 */
public final class PrivateAnvil implements AutoCloseable {
  /** What such chains are usually called by. */
  public static final long CHAIN_ID = 31_337;

  /** Runs "$@" until standard input ends, and ends with it. */
  private static final String UNTIL_PIPE_CLOSES =
      "exec 3<&0; \"$@\" & node=$!; { read -r _ <&3; kill $node; } & wait $node; kill $!";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final int ATTEMPTS = 3;

  /** One account of its own, which deploys; what is two blocks old is final at once. */
  private static final List<String> OF_THE_DEMO =
      List.of("--accounts", "1", "--slots-in-an-epoch", "1");

  private final Path program;
  private final Path output;
  private final EvmEndpoint endpoint;
  private final Process shell;
  private final JsonRpc rpc;

  private PrivateAnvil(Path program, List<String> flags) throws IOException {
    this.program = program;
    int port = freePort();
    output = Files.createTempFile("chargepile-anvil", ".log");
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNTIL_PIPE_CLOSES, "anvil"));
    command.addAll(List.of(program.toString(), "--silent", "--host", "127.0.0.1"));
    command.addAll(List.of("--port", Integer.toString(port)));
    command.addAll(List.of("--chain-id", Long.toString(CHAIN_ID)));
    command.addAll(flags);
    shell =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    endpoint =
        new EvmEndpoint(
            URI.create("http://127.0.0.1:" + port), Optional.empty(), Duration.ofSeconds(30));
    rpc = new JsonRpc(endpoint);
  }

  /**
   * Where anvil is: on the PATH, else {@code evm/anvil} or {@code evm/bin/anvil} in the directory
   * that the system property {@code chargepile.peers} names.
   */
  public static Optional<Path> find() {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String directory : (path == null ? "" : path).split(":", -1)) {
      if (!directory.isEmpty()) {
        places.add(Path.of(directory, "anvil"));
      }
    }
    String peers = System.getProperty("chargepile.peers");
    if (peers != null) {
      places.add(Path.of(peers, "evm", "anvil"));
      places.add(Path.of(peers, "evm", "bin", "anvil"));
    }
    return places.stream().filter(PrivateAnvil::isProgram).findFirst();
  }

  /** Whether a file is there and may be executed. */
  public static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /**
   * Starts one for the demo.
   *
   * @throws IOException when it does not start; the message has what it said
   */
  public static PrivateAnvil start(Path program) throws IOException, InterruptedException {
    return start(program, OF_THE_DEMO);
  }

  /**
   * Starts one with more of anvil's flags.
   *
   * @throws IOException when it does not start; the message has what it said
   */
  static PrivateAnvil start(Path program, List<String> flags)
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

  private static PrivateAnvil startOnce(Path program, List<String> flags)
      throws IOException, InterruptedException {
    PrivateAnvil anvil = new PrivateAnvil(program, flags);
    try {
      anvil.awaitReady();
      return anvil;
    } catch (IOException | InterruptedException | RuntimeException e) {
      anvil.close();
      throw e;
    }
  }

  public EvmEndpoint endpoint() {
    return endpoint;
  }

  /** Puts questions to it that only anvil answers. */
  JsonRpc rpc() {
    return rpc;
  }

  /** A new client of it. */
  public EvmNode node() {
    return new EvmRpc(endpoint, CHAIN_ID);
  }

  /** Its name and version, such as {@code anvil/v1.4.0}. */
  public String version() {
    return rpc.ask("web3_clientVersion").text();
  }

  /** Mines a block with what waits. */
  public void mine() {
    rpc.ask("anvil_mine", Hex.quantity(1));
  }

  /** Lets time pass on the chain, and mines a block that shows it. */
  public void passTime(Duration time) {
    rpc.ask("evm_increaseTime", Hex.quantity(time.toSeconds()));
    mine();
  }

  /** Gives an account coins of the chain. */
  public void setBalance(EvmAddress account, Wei balance) {
    rpc.ask("anvil_setBalance", Hex.data(account.value()), Hex.quantity(balance.value()));
  }

  /** Gives an account units of an ERC-20 token. */
  public void give(EvmAddress token, EvmAddress account, Amount amount) {
    rpc.ask(
        "anvil_dealERC20",
        Hex.data(account.value()),
        Hex.data(token.value()),
        Hex.quantity(amount.value()));
  }

  /** Puts code where there was none. */
  public void setCode(EvmAddress contract, ByteVector code) {
    rpc.ask("anvil_setCode", Hex.data(contract.value()), Hex.data(code));
  }

  /** Stops it and waits for its end. */
  @Override
  public void close() {
    rpc.close();
    List<ProcessHandle> running =
        Stream.concat(Stream.of(shell.toHandle()), shell.descendants()).toList();
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        running.forEach(ProcessHandle::destroyForcibly);
      }
      Files.deleteIfExists(output);
    } catch (InterruptedException e) {
      running.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      Logger.warn("the output of anvil may stay at {}: {}", output, e.getMessage());
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      try {
        var unused = rpc.ask("eth_chainId").number();
        return;
      } catch (UnreachableNodeException e) {
        if (!shell.isAlive() || System.nanoTime() - end > 0) {
          String said = Files.readString(output, StandardCharsets.UTF_8).strip();
          throw new IOException(
              "%s does not start: %s".formatted(program, said.isEmpty() ? e.getMessage() : said),
              e);
        }
      }
      Thread.sleep(GLANCE);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
