package chargepile.agent.evm;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonText;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * JSON-RPC 2.0 over HTTP, one question a request. What is asked here is harmless to ask twice, so a
 * question goes out again, with pauses, when the connection breaks. Thread-safe.
 */
final class JsonRpc implements AutoCloseable {
  /** The logs of thousands of blocks, with room; what is larger is asked for in smaller ranges. */
  static final int MAX_ANSWER = 16 << 20;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(100), Duration.ofMillis(400));

  private final EvmEndpoint endpoint;
  private final AtomicInteger lastId = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  JsonRpc(EvmEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** The result, which may be {@code null}. */
  RpcValue ask(String method, Object... params) {
    for (Duration pause : PAUSES) {
      try {
        return exchange(method, List.of(params));
      } catch (BrokenConnectionException e) {
        sleep(pause);
      }
    }
    try {
      return exchange(method, List.of(params));
    } catch (BrokenConnectionException e) {
      throw unreachable(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** Says scheme, host and port: no keys. */
  @Override
  public String toString() {
    return endpoint.toString();
  }

  /** Nothing but trying again helps. */
  private static final class BrokenConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenConnectionException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private RpcValue exchange(String method, List<Object> params) throws BrokenConnectionException {
    int id = lastId.incrementAndGet();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    JsonText.of(
                        Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params))));
    endpoint.authorization().ifPresent(value -> request.header("Authorization", value));
    return result(method, id, send(method, request.build()));
  }

  private HttpResponse<byte[]> send(String method, HttpRequest request)
      throws BrokenConnectionException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    try {
      // The request's own timeout ends with the headers: a body may come one byte a minute.
      return answer.get(endpoint.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw unreachable(
          "%s does not answer %s within %d ms: it hangs or is overloaded"
              .formatted(this, method, endpoint.timeout().toMillis()),
          e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw unreachable("interrupted while asking " + this, e);
    } catch (ExecutionException e) {
      throw failure(method, e);
    }
  }

  private BrokenConnectionException failure(String method, ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (String.valueOf(cause.getMessage()).contains("body exceeds capacity")) {
      throw new EvmException(
          "%s answers %s with more than %d bytes".formatted(this, method, MAX_ANSWER), cause);
    }
    if (cause instanceof java.net.ConnectException) {
      return new BrokenConnectionException(
          this + " can't be reached: start it, or correct its address", cause);
    }
    return new BrokenConnectionException(
        "the connection to %s broke during %s: %s".formatted(this, method, cause.getMessage()),
        cause);
  }

  private RpcValue result(String method, int id, HttpResponse<byte[]> response)
      throws BrokenConnectionException {
    int status = response.statusCode();
    switch (status) {
      case 401, 403 ->
          throw new EvmException(
              "%s does not let this machine in (HTTP %d): correct its address or its credentials"
                  .formatted(this, status));
      case 429, 502, 503, 504 ->
          throw new BrokenConnectionException(
              "%s has too much to do (HTTP %d): ask it less often, or use another"
                  .formatted(this, status),
              new IOException("HTTP " + status));
      default -> {}
    }
    RpcValue answer = read(method, status, new String(response.body(), StandardCharsets.UTF_8));
    Optional<RpcValue> error = answer.find("error");
    if (error.isPresent()) {
      throw refusal(method, error.get());
    }
    if (answer.at("id").whole() != id) {
      throw answer.nonsense("the answer to another question");
    }
    if (answer.value() instanceof JsonValue.Fields(Map<String, JsonValue> fields)) {
      JsonValue result = fields.get("result");
      if (result != null) {
        return new RpcValue(toString(), method, result);
      }
    }
    throw answer.nonsense("neither a result nor an error");
  }

  private RpcValue read(String method, int status, String body) {
    try {
      return new RpcValue(toString(), method, JsonReader.read(body));
    } catch (MalformedJsonException e) {
      throw new EvmException(
          "%s answers nonsense to %s (HTTP %d, %s): is it an EVM node's RPC port?"
              .formatted(this, method, status, e.getMessage()),
          e);
    }
  }

  private RefusedByNodeException refusal(String method, RpcValue error) {
    int code = error.at("code").whole();
    String reason = printable(error.at("message").text());
    return new RefusedByNodeException(
        "%s refuses %s: %s (%d)".formatted(this, method, reason, code),
        code,
        reason,
        error.find("data").map(JsonRpc::revertData).orElse(ByteVector.empty));
  }

  /** Bytes, where the node has them: as such, or behind a word or two. */
  private static ByteVector revertData(RpcValue data) {
    if (data.value() instanceof JsonValue.Text(String text)) {
      String digits = text.substring(text.indexOf("0x") + 2);
      if (text.contains("0x") && digits.length() % 2 == 0 && digits.matches("[0-9a-fA-F]*")) {
        return new ByteVector(HexFormat.of().parseHex(digits));
      }
    }
    return ByteVector.empty;
  }

  private static String printable(String text) {
    String cut = text.length() <= 300 ? text : text.substring(0, 300) + "…";
    return cut.replaceAll("\\p{Cntrl}", " ");
  }

  private static UnreachableNodeException unreachable(String message, Throwable cause) {
    return new UnreachableNodeException(message, cause);
  }

  private void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("interrupted while asking " + this, e);
    }
  }
}
