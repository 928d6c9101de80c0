package chargepile.agent.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Answers GET and HEAD, and changes nothing:
 *
 * <ul>
 *   <li>{@code /} the page, which anybody may have, as it holds nothing of the pile;
 *   <li>{@code /state.json} what it shows, {@code /address.svg} the QR code;
 *   <li>{@code /metrics} for Prometheus, {@code /healthz} for a monitor: 200, or 503 with the
 *       reasons.
 * </ul>
 *
 * <p>Every answer is made from a picture that is there already, on threads that nothing else uses.
 * Readers and their time are bounded: slow or many, they only keep each other waiting.
 */
public final class WebServer implements AutoCloseable {
  /**
   * Where it listens and for whom.
   *
   * @param port 0 for any that is free
   * @param name by which it is reached besides an address; empty for none
   * @param token of {@link #SHORTEST_TOKEN} characters at least; empty on loopback only
   * @param folder of the store, whose disk's free room is told
   */
  public record Settings(
      InetAddress bind, int port, Optional<String> name, Optional<String> token, Path folder) {
    /**
     * @throws IllegalArgumentException when others than this machine could read without a token, or
     *     the token is too short
     */
    public Settings {
      if (token.isEmpty() && !bind.isLoopbackAddress()) {
        throw new IllegalArgumentException(
            "without a token the page is for this machine only, and not at "
                + bind.getHostAddress());
      }
      if (token.isPresent() && token.get().length() < SHORTEST_TOKEN) {
        throw new IllegalArgumentException(
            "a token must have %d characters or more".formatted(SHORTEST_TOKEN));
      }
    }
  }

  /** Of a token: what can't be guessed has as many characters. */
  public static final int SHORTEST_TOKEN = Access.SHORTEST_TOKEN;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String NO_PICTURE = "the pile does not say how it is";
  private static final int BACKLOG = 16;

  static {
    // The JDK's server takes its bounds from here (module jdk.httpserver), in seconds where they
    // are times. A delayed acknowledgement would hold up every answer by 40 ms.
    bound("jdk.httpserver.maxConnections", "64");
    bound("sun.net.httpserver.maxReqTime", "10");
    bound("sun.net.httpserver.maxRspTime", "30");
    bound("sun.net.httpserver.nodelay", "true");
  }

  private static void bound(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private record Answer(int code, String type, byte[] body) {
    static Answer text(int code, String body) {
      return new Answer(code, TEXT, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer of(String type, String body) {
      return new Answer(200, type, body.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web-", 0).factory());
  private final Lookout lookout;
  private final Access access;
  private final Page page = Page.load();
  private final String address;
  private final Path folder;

  /**
   * Listens from now on.
   *
   * @param address what a driver scans
   * @throws IOException when the address or port can't be had
   */
  public WebServer(Settings settings, String address, Lookout lookout) throws IOException {
    this.lookout = lookout;
    this.access = new Access(settings.name(), settings.token());
    this.address = address;
    this.folder = settings.folder();
    this.server =
        HttpServer.create(new InetSocketAddress(settings.bind(), settings.port()), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it listens, with the port that it got. */
  public String url() {
    InetAddress host = server.getAddress().getAddress();
    String shown =
        host.getHostAddress().contains(":")
            ? "[" + host.getHostAddress() + "]"
            : host.getHostAddress();
    return "http://%s:%d/".formatted(shown, server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", answer.type());
      headers.set("Cache-Control", "no-store");
      headers.set("Content-Security-Policy", page.policy());
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("X-Frame-Options", "DENY");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      if (answer.code() == 401) {
        headers.set("WWW-Authenticate", "Bearer realm=\"chargepile\"");
      }
      if (answer.code() == 405) {
        headers.set("Allow", "GET, HEAD");
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(answer.body().length));
        exchange.sendResponseHeaders(answer.code(), -1);
      } else {
        exchange.sendResponseHeaders(answer.code(), answer.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(answer.body());
        }
      }
    }
  }

  private Answer answer(HttpExchange exchange) {
    Headers asked = exchange.getRequestHeaders();
    List<String> hosts = asked.getOrDefault("Host", List.of());
    if (hosts.size() != 1 || !access.knows(hosts.getFirst())) {
      return Answer.text(
          421, "asked by a name that is not this pile's: use its address, or set web.host\n");
    }
    if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return Answer.text(405, "only GET and HEAD: nothing can be changed here\n");
    }
    String path = exchange.getRequestURI().getPath();
    if ("/".equals(path)) {
      return new Answer(200, "text/html; charset=utf-8", page.document());
    }
    if (!access.admits(asked.getFirst("Authorization"))) {
      return Answer.text(401, "needs the token of web.token_file: Authorization: Bearer TOKEN\n");
    }
    return switch (path) {
      case "/state.json" -> fromPicture("application/json", StateJson::of);
      case "/metrics" ->
          fromPicture(
              Exposition.CONTENT_TYPE, picture -> Metrics.of(picture, ProcessFigures.now(folder)));
      case "/address.svg" -> Answer.of("image/svg+xml", AddressQr.svg(address));
      case "/healthz" -> health();
      case null, default -> Answer.text(404, "there is no such page\n");
    };
  }

  private Answer fromPicture(String type, Function<Picture, String> rendering) {
    return lookout
        .picture()
        .map(picture -> Answer.of(type, rendering.apply(picture)))
        .orElseGet(() -> Answer.text(503, NO_PICTURE + "\n"));
  }

  private Answer health() {
    List<String> problems =
        lookout.picture().map(Picture::problems).orElseGet(() -> List.of(NO_PICTURE));
    return problems.isEmpty()
        ? Answer.text(200, "ok\n")
        : Answer.text(503, String.join("\n", problems) + "\n");
  }

  /** Stops at once; answers under way are cut off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
