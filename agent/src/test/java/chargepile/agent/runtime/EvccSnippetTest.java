package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.pile.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code config/evcc/chargepile.yaml} speaks of nothing that a pile does not have. */
final class EvccSnippetTest {
  private static final Path SNIPPET = Path.of("..", "config", "evcc", "chargepile.yaml");
  private static final Path CONTRACT = Path.of("..", "config", "topics.asyncapi.yaml");
  private static final Pattern TOPIC = Pattern.compile("(?m)^ +topic: (chargepile/\\S+)$");
  private static final Pattern ADDRESS = Pattern.compile("(?m)^ +address: (\\S+)$");
  private static final Pattern SOURCE = Pattern.compile("(?m)^ +source: (\\w+)$");
  private static final Pattern KEY = Pattern.compile("(?m)^    (\\w+):");

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void everyTopicIsInTheContract() throws Exception {
    Set<String> addresses = all(ADDRESS, Files.readString(CONTRACT));
    Set<String> topics = all(TOPIC, Files.readString(SNIPPET));
    assertEquals(6, topics.size(), topics::toString);
    for (String topic : topics) {
      assertTrue(addresses.contains(topic.replace("/pile-1/", "/{pile}/")), topic);
    }
  }

  /** Those of evcc 0.313: {@code charger/charger.go}, {@code meter/meter.go}, {@code plugin/}. */
  @Test
  void itUsesKeysAndPluginsThatEvccHas() throws Exception {
    String snippet = Files.readString(SNIPPET);
    assertTrue(
        Set.of(
                "type",
                "status",
                "enabled",
                "enable",
                "maxcurrent",
                "power",
                "energy",
                "returnEnergy",
                "charger")
            .containsAll(all(KEY, snippet)),
        () -> all(KEY, snippet).toString());
    assertEquals(Set.of("combined", "ifelse", "mqtt", "sleep"), all(SOURCE, snippet));
  }

  @Test
  void itKnowsThePhasesByTheirNames() throws Exception {
    String snippet = Files.readString(SNIPPET);
    Phase paused = new Phase.Paused(Phase.Cause.OPERATOR);
    for (String said :
        List.of(
            "\"" + new Phase.Charging().title() + "\"",
            "\"" + paused.title() + "\"",
            "\"" + Phase.Cause.OPERATOR.text() + "\"")) {
      assertTrue(snippet.contains(said), said);
    }
    assertFalse(snippet.contains("retained: true"), "commands must not be retained");
  }
}
