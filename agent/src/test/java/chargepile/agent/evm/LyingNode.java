package chargepile.agent.evm;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonText;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Stands before a real node and changes what it says. */
public final class LyingNode implements AutoCloseable {
  private final URI truth;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("liar-", 0).factory());
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile Lie lie = Lie.NONE;
  private volatile boolean silent;
  private volatile Map<String, JsonValue> insteadOfRefusals = Map.of();

  /** What becomes of the result of a call. */
  public interface Lie {
    Lie NONE = (method, params, result) -> result;

    JsonValue told(String method, JsonValue params, JsonValue result);
  }

  public LyingNode(Anvil node) throws IOException {
    truth = node.endpoint().url();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  public void tell(Lie now) {
    lie = now;
  }

  /** What it answers by method where the real node refuses. */
  public void answerAllTheSame(Map<String, JsonValue> answers) {
    insteadOfRefusals = answers;
  }

  /** Whether every connection breaks. */
  public void silence(boolean on) {
    silent = on;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v3/secret-key");
  }

  public EvmRpc rpc() {
    return new EvmRpc(
        new EvmEndpoint(url(), Optional.empty(), Duration.ofSeconds(20)), Anvil.CHAIN_ID);
  }

  /** Told instead of a result, it refuses the question. */
  public static JsonValue refusal(int code, String message) {
    return new JsonValue.Fields(
        Map.of(
            "error",
            new JsonValue.Fields(
                Map.of(
                    "code", new JsonValue.Decimal(java.math.BigDecimal.valueOf(code)),
                    "message", new JsonValue.Text(message)))));
  }

  /** An object with one field changed. */
  public static JsonValue with(JsonValue object, String field, String text) {
    if (object instanceof JsonValue.Fields(Map<String, JsonValue> fields)) {
      Map<String, JsonValue> changed = new LinkedHashMap<>(fields);
      changed.put(field, new JsonValue.Text(text));
      return new JsonValue.Fields(changed);
    }
    return object;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (silent) {
        return;
      }
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(truth)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(question))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      byte[] told = written(changed(question, answer.body())).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.statusCode(), told.length);
      exchange.getResponseBody().write(told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonValue changed(String question, String answer) {
    RpcValue call = new RpcValue("test", "question", read(question));
    JsonValue all = read(answer);
    if (!(all instanceof JsonValue.Fields(Map<String, JsonValue> fields))) {
      return all;
    }
    Map<String, JsonValue> changed = new LinkedHashMap<>(fields);
    JsonValue result = fields.get("result");
    if (result == null) {
      JsonValue instead = insteadOfRefusals.get(call.at("method").text());
      if (instead != null) {
        changed.remove("error");
        changed.put("result", instead);
      }
      return new JsonValue.Fields(changed);
    }
    JsonValue told = lie.told(call.at("method").text(), call.at("params").value(), result);
    if (told instanceof JsonValue.Fields(Map<String, JsonValue> refusal)
        && refusal.containsKey("error")) {
      changed.remove("result");
      changed.putAll(refusal);
    } else {
      changed.put("result", told);
    }
    return new JsonValue.Fields(changed);
  }

  private static JsonValue read(String text) {
    try {
      return JsonReader.read(text);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String written(JsonValue json) {
    return switch (json) {
      case JsonValue.Text(String text) -> JsonText.of(text);
      case JsonValue.Decimal(var number) -> number.toString();
      case JsonValue.Truth(boolean truth) -> Boolean.toString(truth);
      case JsonValue.Nothing() -> "null";
      case JsonValue.Array(List<JsonValue> values) ->
          values.stream().map(LyingNode::written).collect(Collectors.joining(",", "[", "]"));
      case JsonValue.Fields(Map<String, JsonValue> values) ->
          values.entrySet().stream()
              .map(field -> JsonText.of(field.getKey()) + ":" + written(field.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }
}
