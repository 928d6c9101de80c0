package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.WrongCredentialsException;
import chargepile.agent.chain.http.BoundedBody;
import chargepile.agent.chain.json.Json;
import chargepile.agent.chain.json.JsonReader;
import chargepile.agent.chain.json.JsonReader.MalformedJsonException;
import chargepile.agent.json.JsonText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The JSON-RPC of a Bitcoin node. Questions are asked again, with pauses, when the connection
 * breaks; orders are given once, because a lost answer does not say whether they were carried out.
 * Thread-safe.
 */
final class BitcoindRpc implements AutoCloseable {
  /** A full block of 4 MB in hexadecimal, with room. */
  private static final int MAX_ANSWER = 16 << 20;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Pauses before the second and third try: a node that restarts takes longer, and callers wait.
   */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(100), Duration.ofMillis(400));

  private final Endpoint endpoint;
  private final URI target;
  private final HttpClient http;

  /** The calls that belong to no wallet. */
  BitcoindRpc(Endpoint endpoint) {
    this(endpoint, "/");
  }

  /**
   * @param path {@code /wallet/<name>} for the calls of a wallet
   */
  BitcoindRpc(Endpoint endpoint, String path) {
    this.endpoint = endpoint;
    this.target = endpoint.url().resolve(path);
    this.http = client(target);
  }

  private static HttpClient client(URI target) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT);
    return ("http".equals(target.getScheme()) ? client.sslContext(new NoTls()) : client).build();
  }

  /** One question of several in a request. */
  record Call(String method, List<Object> params) {
    static Call of(String method, Object... params) {
      return new Call(method, List.of(params));
    }
  }

  /** What the node says to one of several questions: a result, or an error. */
  sealed interface Answer {
    record Result(Json value) implements Answer {}

    record Refusal(NodeError error) implements Answer {}

    default Json orThrow() {
      return switch (this) {
        case Result result -> result.value();
        case Refusal refusal -> throw refusal.error();
      };
    }
  }

  /**
   * Asks what changes nothing, or what is harmless to do twice.
   *
   * @throws NodeError when the node answers with an error
   * @throws ChainException when it gives no answer that can be used
   */
  Json ask(String method, Object... params) {
    return askAll(List.of(Call.of(method, params))).getFirst().orThrow();
  }

  /** Asks several questions in one request; the answers are in their order. */
  List<Answer> askAll(List<Call> calls) {
    for (Duration pause : PAUSES) {
      try {
        return exchange(calls, endpoint.timeout());
      } catch (BrokenConnectionException e) {
        pause(pause);
      }
    }
    return exchange(calls, endpoint.timeout());
  }

  /**
   * Gives an order, once.
   *
   * @throws ChainException when there is no answer; the order may have been carried out
   */
  Json order(String method, Object... params) {
    // A connection that the node closed while it was idle shows here and not at the order.
    ask("uptime");
    return exchange(List.of(Call.of(method, params)), endpoint.timeout()).getFirst().orThrow();
  }

  /** Asks what the node answers only after a while, at the latest after {@code patience}. */
  Json await(Duration patience, String method, Object... params) {
    return exchange(List.of(Call.of(method, params)), patience.plus(endpoint.timeout()))
        .getFirst()
        .orThrow();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  @Override
  public String toString() {
    return "the Bitcoin node at " + endpoint.url();
  }

  /** The connection was refused or broke: nothing but trying again helps. */
  private static final class BrokenConnectionException extends ChainException {
    private static final long serialVersionUID = 1;

    BrokenConnectionException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private List<Answer> exchange(List<Call> calls, Duration timeout) {
    if (calls.isEmpty()) {
      return List.of();
    }
    String methods =
        calls.size() == 1 ? calls.getFirst().method() : calls.getFirst().method() + " and others";
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Authorization", authorization())
            .POST(HttpRequest.BodyPublishers.ofString(body(calls)))
            .build();
    return answers(calls, methods, send(request, methods, timeout));
  }

  private record Page(int status, String body) {}

  private Page send(HttpRequest request, String methods, Duration timeout) {
    try {
      HttpResponse<byte[]> response = http.send(request, info -> new BoundedBody(MAX_ANSWER));
      return new Page(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    } catch (HttpTimeoutException e) {
      throw new ChainException(
          "%s does not answer %s within %d s: it hangs or is overloaded"
              .formatted(this, methods, timeout.toSeconds()),
          e);
    } catch (ConnectException e) {
      throw new BrokenConnectionException(
          "%s can't be reached: start it, or correct its address".formatted(this), e);
    } catch (IOException e) {
      if (e.getCause() instanceof BoundedBody.TooLongException tooLong) {
        throw new ChainException(this + " answers nonsense: " + tooLong.getMessage(), e);
      }
      throw new BrokenConnectionException(
          "the connection to %s broke during %s: %s".formatted(this, methods, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainException("interrupted while asking " + this, e);
    }
  }

  private List<Answer> answers(List<Call> calls, String methods, Page page) {
    switch (page.status()) {
      case 401 -> throw new WrongCredentialsException(wrongPassword());
      case 403 ->
          throw new ChainException(
              "%s does not let this machine in (HTTP 403): add it to rpcallowip".formatted(this));
      case 503 ->
          throw new BrokenConnectionException(
              this + " has too much to do (HTTP 503): " + shortened(page.body()),
              new IOException("HTTP 503"));
      default -> {}
    }
    Json answer;
    try {
      answer = JsonReader.read(page.body());
    } catch (MalformedJsonException e) {
      throw new ChainException(
          "%s answers nonsense to %s (HTTP %d, %s): is it a Bitcoin node's RPC port?"
              .formatted(this, methods, page.status(), e.getMessage()),
          e);
    }
    if (answer instanceof Json.Array(List<Json> items) && items.size() == calls.size()) {
      return IntStream.range(0, items.size())
          .mapToObj(i -> answer(calls.get(i).method(), numbered(i, items.get(i))))
          .toList();
    }
    // An error before the questions are looked at stands alone.
    if (answer(methods, answer) instanceof Answer.Refusal refusal) {
      throw refusal.error();
    }
    throw new ChainException("%s answers %s with too little".formatted(this, methods));
  }

  private Json numbered(int number, Json item) {
    if (item.find("id").filter(id -> id.whole() == number).isEmpty()) {
      throw new ChainException(this + " answers nonsense: its answers are out of order");
    }
    return item;
  }

  private Answer answer(String method, Json item) {
    if (!(item instanceof Json.Fields(Map<String, Json> fields))) {
      throw new ChainException("%s answers nonsense to %s: no JSON object".formatted(this, method));
    }
    Json error = fields.getOrDefault("error", new Json.Nothing());
    if (!error.isNull()) {
      return new Answer.Refusal(
          refusal(method, error.at("code").whole(), error.at("message").text()));
    }
    Json result = fields.get("result");
    if (result == null) {
      throw new ChainException(
          "%s answers nonsense to %s: neither a result nor an error".formatted(this, method));
    }
    return new Answer.Result(result);
  }

  private NodeError refusal(String method, int code, String reason) {
    String said =
        switch (code) {
          case NodeError.WARMING_UP ->
              "%s is still starting (%s): asking again later".formatted(this, reason);
          case NodeError.METHOD_NOT_FOUND ->
              "%s does not know %s: a newer node is needed, or one with a wallet"
                  .formatted(this, method);
          case NodeError.WALLET_NOT_FOUND ->
              "%s has no wallet at %s: create it with 'bitcoin-cli createwallet', or load it with 'bitcoin-cli loadwallet'"
                  .formatted(this, target.getPath());
          case NodeError.WALLET_NOT_SPECIFIED ->
              "%s has several wallets: name one of them in the configuration".formatted(this);
          case NodeError.WALLET_UNLOCK_NEEDED ->
              "the wallet of %s is locked: unlock it with 'bitcoin-cli walletpassphrase'"
                  .formatted(this);
          default -> "%s refuses %s: %s (%d)".formatted(this, method, reason, code);
        };
    return new NodeError(said, code, reason);
  }

  private String wrongPassword() {
    return switch (endpoint.credentials()) {
      case Credentials.CookieFile cookie ->
          "%s refuses the cookie in %s (HTTP 401): is the file that of another node?"
              .formatted(this, cookie.file());
      case Credentials.Password password ->
          "%s refuses the password of user %s (HTTP 401): compare it with rpcauth or rpcpassword in its bitcoin.conf"
              .formatted(this, password.user());
    };
  }

  private String authorization() {
    String userAndPassword =
        switch (endpoint.credentials()) {
          case Credentials.CookieFile cookie -> read(cookie);
          case Credentials.Password(String user, String password) -> user + ":" + password;
        };
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  private String read(Credentials.CookieFile cookie) {
    try {
      return Files.readString(cookie.file()).strip();
    } catch (IOException e) {
      throw new ChainException(
          "the cookie %s of %s can't be read (%s): is the node running, and may this user read the file?"
              .formatted(cookie.file(), this, e.getClass().getSimpleName()),
          e);
    }
  }

  private static String body(List<Call> calls) {
    return JsonText.of(
        IntStream.range(0, calls.size())
            .mapToObj(
                i ->
                    Map.of(
                        "jsonrpc",
                        "2.0",
                        "id",
                        i,
                        "method",
                        calls.get(i).method(),
                        "params",
                        calls.get(i).params()))
            .toList());
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainException("interrupted while asking " + this, e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text.strip() : text.substring(0, 100).strip() + "…";
  }
}
