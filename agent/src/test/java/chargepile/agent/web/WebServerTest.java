package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private static final String TOKEN = "0123456789abcdef0123";

  @Test
  void aHealthyPile() throws Exception {
    try (Served served = open()) {
      assertEquals("ok\n", served.get("/healthz").body());
      assertEquals(200, served.get("/healthz").code());
      JsonValue.Fields state = (JsonValue.Fields) JsonReader.read(served.get("/state.json").body());
      assertEquals(new JsonValue.Text("pile-1"), state.values().get("pile"));
      assertEquals(new JsonValue.Array(List.of()), state.values().get("problems"));
      assertTrue(ExpositionReader.read(served.get("/metrics").body()).families().size() > 30);
      assertTrue(served.get("/metrics").says("Content-type: " + Exposition.CONTENT_TYPE));
      assertTrue(served.get("/address.svg").body().startsWith("<svg"));
    }
  }

  @Test
  void aPileThatCantSellIsNotHealthyAndSaysWhy() throws Exception {
    try (Served served = new Served(() -> Samples.broken("it is away"), Optional.empty())) {
      Served.Answer health = served.get("/healthz");
      assertEquals(503, health.code());
      assertEquals(
          """
          fault: WELDED_CONTACTOR: replace it, then see gpio.contactor_readback_pin
          no connection to the broker
          the chain is out of sight: it is away
          """,
          health.body());
    }
  }

  @Test
  void aPileThatDoesNotSayHowItIsIsNotHealthy() throws Exception {
    try (Served served =
        new Served(
            () -> {
              throw new IllegalStateException("no answer");
            },
            Optional.empty())) {
      assertEquals(503, served.get("/healthz").code());
      assertEquals(503, served.get("/state.json").code());
      assertEquals(503, served.get("/metrics").code());
      assertEquals(200, served.get("/").code());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/state.json", "/metrics", "/healthz", "/address.svg"})
  void askedByAStrangersNameItAnswersNothing(String path) throws IOException {
    try (Served served = open()) {
      Served.Answer answer = served.ask("GET " + path, "evil.example:8780");
      assertEquals(421, answer.code());
      assertFalse(answer.body().contains("pile-1"));
      Served.Answer nameless = served.raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertEquals(421, nameless.code());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"})
  void nothingCanBeChanged(String method) throws IOException {
    try (Served served = open()) {
      Served.Answer answer = served.ask(method + " /state.json", "localhost");
      assertEquals(405, answer.code());
      assertTrue(answer.says("Allow: GET, HEAD"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x",
        "/state.json/",
        "/../etc/passwd",
        "/page.js",
        "//state.json",
        "/STATE.JSON",
        "/%00"
      })
  void nothingElseIsThere(String path) throws IOException {
    try (Served served = open()) {
      assertEquals(404, served.get(path).code());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/state.json", "/metrics", "/healthz", "/address.svg", "/x"})
  void withATokenOnlyItsBearerReads(String path) throws IOException {
    try (Served served = new Served(Samples::charging, Optional.of(TOKEN))) {
      assertEquals(401, served.get(path).code());
      assertTrue(served.get(path).says("Www-authenticate: Bearer realm=\"chargepile\""));
      assertEquals(401, served.get(path + "?token=" + TOKEN).code());
      assertEquals(401, served.get(path, "Authorization: Bearer " + TOKEN + "4").code());
      int code = served.get(path, "Authorization: Bearer " + TOKEN).code();
      assertEquals(path.equals("/x") ? 404 : 200, code);
    }
  }

  @Test
  void thePageItselfHoldsNothingOfThePile() throws IOException {
    try (Served served = new Served(Samples::charging, Optional.of(TOKEN))) {
      Served.Answer page = served.get("/");
      assertEquals(200, page.code());
      assertFalse(page.body().contains("pile-1") || page.body().contains(TOKEN));
    }
  }

  @Test
  void thePageMayLoadNothingFromAnywhere() throws IOException {
    try (Served served = open()) {
      Served.Answer page = served.get("/");
      String policy =
          page.head()
              .lines()
              .filter(l -> l.startsWith("Content-security-policy:"))
              .findFirst()
              .orElseThrow();
      assertTrue(policy.contains("default-src 'none'; script-src 'sha256-"), policy);
      assertFalse(
          policy.contains("unsafe") || policy.contains("*") || policy.contains("http"), policy);
      assertTrue(page.says("X-Content-Type-Options: nosniff"));
      assertFalse(page.body().contains("/* page."), "a part is missing");
      assertFalse(page.body().matches("(?s).*(src|href)=\"?(https?:)?//.*"), "loads something");
    }
  }

  @Test
  void headIsGetWithoutTheBody() throws IOException {
    try (Served served = open()) {
      Served.Answer head = served.ask("HEAD /", "localhost");
      assertEquals(200, head.code());
      assertEquals("", head.body());
      assertTrue(head.says("Content-length: " + Page.load().document().length), head.head());
    }
  }

  @Test
  void manyReadersAtOnceAreAllAnswered() throws Exception {
    try (Served served = open();
        var readers = Executors.newFixedThreadPool(16)) {
      List<Future<Integer>> codes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        codes.add(readers.submit(() -> served.get("/state.json").code()));
      }
      for (Future<Integer> code : codes) {
        assertEquals(200, code.get());
      }
    }
  }

  @Test
  void othersThanThisMachineNeedAToken() throws Exception {
    InetAddress all = InetAddress.ofLiteral("0.0.0.0");
    Path folder = Path.of(".");
    assertThrows(
        IllegalArgumentException.class,
        () -> new WebServer.Settings(all, 0, Optional.empty(), Optional.empty(), folder));
    assertThrows(
        IllegalArgumentException.class,
        () -> new WebServer.Settings(all, 0, Optional.empty(), Optional.of("short"), folder));
    assertEquals(
        all, new WebServer.Settings(all, 0, Optional.empty(), Optional.of(TOKEN), folder).bind());
  }

  private static Served open() throws IOException {
    return new Served(Samples::charging, Optional.empty());
  }
}
