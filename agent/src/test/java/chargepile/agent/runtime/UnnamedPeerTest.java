package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pile's retained topics say of its driver to whoever owns the broker. */
final class UnnamedPeerTest {
  private static final String SESSION = TwoNodes.TOPICS.session();

  /** All that was retained at any time while a car charged, topic and payload. */
  private static List<String> retained(boolean publishPeer) {
    List<String> all = new ArrayList<>();
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL)) {
      nodes.publishPeer = publishPeer;
      nodes.pileObserver =
          _ -> nodes.retained.forEach((topic, payload) -> all.add(topic + " " + payload));
      nodes.start().open();
      nodes.chargeUntil(100_000);
      nodes.run(Duration.ofSeconds(2));
      nodes.retained.forEach((topic, payload) -> all.add(topic + " " + payload));
      String session = nodes.retained.getOrDefault(SESSION, "");
      assertTrue(session.contains("\"import_mwh\""), nodes.retained::toString);
    }
    return all;
  }

  private static long counting(List<String> retained, String text) {
    return retained.stream().filter(said -> said.contains(text)).count();
  }

  @Test
  void isTheDriversKeyAndMoneyUnlessThatIsSwitchedOff() {
    String driver = new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId().toHex();
    List<String> named = retained(true);
    List<String> unnamed = retained(false);
    for (String mark : List.of(driver, "/channel/", "_msat\"", "\"paid_import\"")) {
      assertTrue(counting(named, mark) > 0, mark);
      assertEquals(0, counting(unnamed, mark), mark);
    }
    assertFalse(unnamed.isEmpty());
  }
}
