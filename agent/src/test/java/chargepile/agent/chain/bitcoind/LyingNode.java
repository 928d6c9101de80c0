package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.json.Json;
import chargepile.agent.chain.json.JsonReader;
import chargepile.agent.json.JsonText;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Stands before a real node and changes what it says. */
final class LyingNode implements AutoCloseable {
  private final RegtestNode node;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile Lie lie = Lie.NONE;

  /** What becomes of the result of a call. */
  interface Lie {
    Lie NONE = (method, result) -> result;

    Json told(String method, Json result);
  }

  LyingNode(RegtestNode node) throws IOException {
    this.node = node;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("liar-", 0).factory()));
    server.start();
  }

  void tell(Lie now) {
    lie = now;
  }

  Endpoint endpoint() {
    return new Endpoint(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
        node.endpoint().credentials());
  }

  @Override
  public void close() {
    server.stop(0);
    http.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(node.endpoint().url().resolve("/"))
                  .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
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

  private Json changed(String question, String answer) {
    List<Json> calls = read(question).items();
    Json all = read(answer);
    if (!(all instanceof Json.Array(List<Json> items)) || items.size() != calls.size()) {
      return all;
    }
    List<Json> changed = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      changed.add(changed(calls.get(i).at("method").text(), items.get(i)));
    }
    return new Json.Array(changed);
  }

  private Json changed(String method, Json item) {
    if (item instanceof Json.Fields(Map<String, Json> fields) && fields.containsKey("result")) {
      Map<String, Json> changed = new LinkedHashMap<>(fields);
      changed.computeIfPresent("result", (name, result) -> lie.told(method, result));
      return new Json.Fields(changed);
    }
    return item;
  }

  private static Json read(String text) {
    try {
      return JsonReader.read(text);
    } catch (JsonReader.MalformedJsonException e) {
      throw new IllegalStateException(e);
    }
  }

  static String written(Json json) {
    return switch (json) {
      case Json.Text text -> JsonText.of(text.value());
      case Json.Decimal number -> number.value().toString();
      case Json.Truth truth -> Boolean.toString(truth.value());
      case Json.Nothing nothing -> "null";
      case Json.Array array ->
          array.values().stream()
              .map(LyingNode::written)
              .collect(Collectors.joining(",", "[", "]"));
      case Json.Fields fields ->
          fields.values().entrySet().stream()
              .map(field -> JsonText.of(field.getKey()) + ":" + written(field.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }
}
