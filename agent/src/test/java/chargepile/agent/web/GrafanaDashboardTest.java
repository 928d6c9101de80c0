package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard that is shipped asks for what {@code /metrics} says. */
class GrafanaDashboardTest {
  private static final Pattern METRIC = Pattern.compile("\\b(?:chargepile|process|jvm)_[a-z0-9_]+");
  private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");

  private JsonValue.Fields dashboard;
  private List<JsonValue.Fields> panels;
  private ExpositionReader metrics;

  @BeforeEach
  void read() throws Exception {
    Path above = Path.of("../config/grafana/chargepile.json");
    Path file = Files.exists(above) ? above : Path.of("config/grafana/chargepile.json");
    dashboard = (JsonValue.Fields) JsonReader.read(Files.readString(file));
    panels = list(dashboard, "panels");
    metrics = MetricsTest.of(Samples.charging());
  }

  @Test
  void everyMetricIsThere() {
    Set<String> asked = new TreeSet<>();
    for (String expression : expressions()) {
      METRIC.matcher(expression).results().forEach(metric -> asked.add(metric.group()));
    }
    list((JsonValue.Fields) field(dashboard, "templating"), "list").stream()
        .filter(variable -> variable.values().containsKey("definition"))
        .flatMap(variable -> METRIC.matcher(text(variable, "definition")).results())
        .forEach(metric -> asked.add(metric.group()));
    assertTrue(asked.size() > 20, asked.toString());
    asked.removeAll(metrics.families().keySet());
    assertEquals(Set.of(), asked);
  }

  @Test
  void countersAreOnlyLookedAtByTheirGrowth() {
    for (String expression : expressions()) {
      METRIC
          .matcher(expression)
          .results()
          .filter(metric -> metric.group().endsWith("_total"))
          .forEach(
              metric ->
                  assertTrue(
                      expression.substring(0, metric.start()).matches(".*(increase|rate)\\($"),
                      expression));
    }
  }

  @Test
  void legendsNameLabelsThatAreThere() {
    Set<String> labels = new HashSet<>(Set.of("instance", "job")); // Prometheus' own
    metrics.families().values().stream()
        .flatMap(family -> family.samples().keySet().stream())
        .flatMap(sample -> Pattern.compile("(\\w+)=\"").matcher(sample).results())
        .forEach(label -> labels.add(label.group(1)));
    for (JsonValue.Fields target : targets()) {
      LABEL
          .matcher(text(target, "legendFormat"))
          .results()
          .forEach(label -> assertTrue(labels.contains(label.group(1)), label.group()));
    }
  }

  @Test
  void panelsAreToldApartAndDoNotOverlap() {
    Set<JsonValue> ids = new HashSet<>();
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonValue.Fields panel : panels) {
      assertTrue(ids.add(field(panel, "id")), "twice: " + field(panel, "id"));
      assertFalse(text(panel, "title").isBlank());
      JsonValue.Fields grid = (JsonValue.Fields) field(panel, "gridPos");
      for (int x = number(grid, "x"); x < number(grid, "x") + number(grid, "w"); x++) {
        assertTrue(x < 24, text(panel, "title"));
        for (int y = number(grid, "y"); y < number(grid, "y") + number(grid, "h"); y++) {
          assertTrue(taken.add(List.of(x, y)), text(panel, "title"));
        }
      }
    }
  }

  private List<JsonValue.Fields> targets() {
    return panels.stream().flatMap(panel -> list(panel, "targets").stream()).toList();
  }

  private List<String> expressions() {
    return targets().stream()
        .map(target -> text(target, "expr"))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static JsonValue field(JsonValue.Fields of, String name) {
    return Objects.requireNonNull(of.values().get(name), name);
  }

  private static String text(JsonValue.Fields of, String name) {
    return ((JsonValue.Text) field(of, name)).value();
  }

  private static int number(JsonValue.Fields of, String name) {
    return ((JsonValue.Decimal) field(of, name)).value().intValueExact();
  }

  private static List<JsonValue.Fields> list(JsonValue.Fields of, String name) {
    return ((JsonValue.Array) field(of, name))
        .values().stream().map(JsonValue.Fields.class::cast).toList();
  }
}
