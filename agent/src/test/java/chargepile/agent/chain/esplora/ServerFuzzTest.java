package chargepile.agent.chain.esplora;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.chain.ChainException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What an Esplora server may answer. */
class ServerFuzzTest extends ScriptedServer {
  @TestFactory
  Stream<DynamicTest> documents() {
    EsploraApi api = new EsploraApi(new Server(URI.create(at)));
    return Fuzz.tests(
            Door.ofText(
                "a server's outspend",
                List.of(spentBy(SPEND, mined(4)), "{\"spent\": false}"),
                ChainException.class,
                text -> api.read("/outspend", text, Spender::read)),
            Door.ofText(
                "a server's status",
                List.of(mined(4), "{\"confirmed\": false}"),
                ChainException.class,
                text -> api.read("/status", text, Placement::height)))
        .onClose(api::close);
  }

  /** The first byte says which of the server's pages is the hostile one. */
  @TestFactory
  Stream<DynamicTest> pages() {
    TreeMap<String, String> sound = new TreeMap<>();
    pages.forEach((path, page) -> sound.put(path, page.element().body()));
    List<String> paths = List.copyOf(sound.keySet());
    return Fuzz.tests(
        Door.of(
                "a server's page",
                paths.stream()
                    .map(path -> (char) paths.indexOf(path) + sound.get(path))
                    .map(text -> text.getBytes(UTF_8))
                    .toList(),
                ChainException.class,
                input -> {
                  String path = paths.get(input.length == 0 ? 0 : (input[0] & 0xff) % paths.size());
                  page(path, new String(input, UTF_8).substring(input.length == 0 ? 0 : 1));
                  try {
                    view();
                  } finally {
                    page(path, Objects.requireNonNull(sound.get(path)));
                  }
                })
            .oneIn(100));
  }
}
