package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The discovery document against what Home Assistant takes. The tables below state the rules of
 * Home Assistant 2025.2: {@code DEVICE_DISCOVERY_SCHEMA} and {@code MQTT_ENTITY_COMMON_SCHEMA} of
 * its {@code components/mqtt/schemas.py}, the {@code DISCOVERY_SCHEMA} of {@code sensor.py}, {@code
 * binary_sensor.py}, {@code button.py} and {@code number.py} beside it, and {@code
 * DEVICE_CLASS_UNITS} and {@code DEVICE_CLASS_STATE_CLASSES} of {@code components/sensor/const.py}.
 * Stricter than Home Assistant, a key that is not in a table is an error: it would be ignored
 * there.
 */
final class HomeAssistantTest {
  private static final Topics PILE = Topics.of("pile-1");
  private static final HomeAssistant HOME =
      new HomeAssistant(PILE, "homeassistant", Duration.ofSeconds(30), Denomination.SATOSHI);

  /** How the value of a key must look. */
  private enum Kind {
    TEXT,
    TEXTS,
    TEMPLATE,
    TOPIC_TO_PUBLISH,
    TOPIC_TO_READ,
    NATURAL,
    NUMBER,
    TRUTH,
    QOS
  }

  private static final Map<String, Kind> AVAILABILITY =
      Map.of(
          "topic", Kind.TOPIC_TO_READ,
          "payload_available", Kind.TEXT,
          "payload_not_available", Kind.TEXT,
          "value_template", Kind.TEMPLATE);
  private static final Map<String, Kind> DEVICE =
      Map.ofEntries(
          Map.entry("identifiers", Kind.TEXTS),
          Map.entry("manufacturer", Kind.TEXT),
          Map.entry("model", Kind.TEXT),
          Map.entry("name", Kind.TEXT),
          Map.entry("serial_number", Kind.TEXT),
          Map.entry("sw_version", Kind.TEXT),
          Map.entry("configuration_url", Kind.TEXT));
  private static final Map<String, Kind> ORIGIN =
      Map.of("name", Kind.TEXT, "sw_version", Kind.TEXT, "support_url", Kind.TEXT);

  /** Of every entity: common, and those of a platform that reads a topic. */
  private static final Map<String, Kind> COMMON =
      Map.ofEntries(
          Map.entry("platform", Kind.TEXT),
          Map.entry("name", Kind.TEXT),
          Map.entry("unique_id", Kind.TEXT),
          Map.entry("icon", Kind.TEXT),
          Map.entry("entity_category", Kind.TEXT),
          Map.entry("enabled_by_default", Kind.TRUTH),
          Map.entry("device_class", Kind.TEXT),
          Map.entry("encoding", Kind.TEXT),
          Map.entry("json_attributes_topic", Kind.TOPIC_TO_READ),
          Map.entry("json_attributes_template", Kind.TEMPLATE),
          Map.entry("qos", Kind.QOS));

  private static final Map<String, Map<String, Kind>> PLATFORMS =
      Map.of(
          "sensor",
          Map.of(
              "state_topic", Kind.TOPIC_TO_READ,
              "value_template", Kind.TEMPLATE,
              "expire_after", Kind.NATURAL,
              "force_update", Kind.TRUTH,
              "last_reset_value_template", Kind.TEMPLATE,
              "options", Kind.TEXTS,
              "suggested_display_precision", Kind.NATURAL,
              "state_class", Kind.TEXT,
              "unit_of_measurement", Kind.TEXT),
          "binary_sensor",
          Map.of(
              "state_topic", Kind.TOPIC_TO_READ,
              "value_template", Kind.TEMPLATE,
              "expire_after", Kind.NATURAL,
              "force_update", Kind.TRUTH,
              "off_delay", Kind.NATURAL,
              "payload_off", Kind.TEXT,
              "payload_on", Kind.TEXT),
          "button",
          Map.of(
              "command_topic", Kind.TOPIC_TO_PUBLISH,
              "command_template", Kind.TEMPLATE,
              "payload_press", Kind.TEXT,
              "retain", Kind.TRUTH),
          "number",
          Map.ofEntries(
              Map.entry("command_topic", Kind.TOPIC_TO_PUBLISH),
              Map.entry("command_template", Kind.TEMPLATE),
              Map.entry("state_topic", Kind.TOPIC_TO_READ),
              Map.entry("value_template", Kind.TEMPLATE),
              Map.entry("min", Kind.NUMBER),
              Map.entry("max", Kind.NUMBER),
              Map.entry("step", Kind.NUMBER),
              Map.entry("mode", Kind.TEXT),
              Map.entry("optimistic", Kind.TRUTH),
              Map.entry("retain", Kind.TRUTH),
              Map.entry("unit_of_measurement", Kind.TEXT)));
  private static final Map<String, Set<String>> REQUIRED =
      Map.of(
          "sensor", Set.of("state_topic"),
          "binary_sensor", Set.of("state_topic"),
          "button", Set.of("command_topic"),
          "number", Set.of("command_topic"));
  private static final Map<String, Set<String>> DEVICE_CLASSES =
      Map.of(
          "sensor", Set.of("power", "energy", "timestamp", "enum", "duration", "monetary"),
          "binary_sensor",
              Set.of("connectivity", "plug", "power", "problem", "running", "safety", "opening"),
          "button", Set.of("identify", "restart", "update"),
          "number", Set.of("power", "energy", "duration", "monetary"));
  private static final Map<String, Set<String>> UNITS =
      Map.of(
          "power", Set.of("W", "kW", "MW", "GW", "TW", "mW"),
          "energy", Set.of("Wh", "kWh", "MWh", "GWh", "TWh", "mWh", "J", "kJ", "MJ", "GJ"),
          "duration", Set.of("d", "h", "min", "s", "ms"));
  private static final Map<String, Set<String>> STATE_CLASSES =
      Map.of(
          "power", Set.of("measurement"),
          "energy", Set.of("total", "total_increasing"),
          "duration", Set.of("measurement", "total", "total_increasing"),
          "", Set.of("measurement", "total", "total_increasing"));
  private static final Set<String> NOT_NUMERIC = Set.of("timestamp", "enum");
  private static final Set<String> ENTITY_CATEGORIES = Set.of("config", "diagnostic");
  private static final Set<String> MODES = Set.of("auto", "box", "slider");
  private static final Pattern DISCOVERY_TOPIC =
      Pattern.compile("homeassistant/device/(?:[a-zA-Z0-9_-]+/)?[a-zA-Z0-9_-]+/config");

  private static Map<String, JsonValue> document() throws Exception {
    return fields(JsonReader.read(HOME.document()));
  }

  private static Map<String, JsonValue> fields(@Nullable JsonValue value) {
    return value instanceof JsonValue.Fields(Map<String, JsonValue> values) ? values : Map.of();
  }

  private static Set<String> of(Map<String, Set<String>> table, String key) {
    return table.getOrDefault(key, Set.of());
  }

  private static BigDecimal number(Map<String, JsonValue> fields, String key) {
    return fields.get(key) instanceof JsonValue.Decimal(BigDecimal number)
        ? number
        : BigDecimal.ZERO;
  }

  private static String text(Map<String, JsonValue> fields, String key) {
    return fields.get(key) instanceof JsonValue.Text(String text) ? text : "";
  }

  /** What Home Assistant would object to, or ignore. */
  private static List<String> objections(Map<String, JsonValue> document) {
    List<String> found = new ArrayList<>();
    Set<String> top =
        Set.of("device", "origin", "components", "availability", "availability_mode", "qos");
    document.keySet().stream().filter(key -> !top.contains(key)).forEach(found::add);
    for (String key : List.of("device", "origin", "components")) {
      if (!(document.get(key) instanceof JsonValue.Fields)) {
        found.add(key + " is missing");
        return found;
      }
    }
    check("device", fields(document.get("device")), DEVICE, Set.of("identifiers"), found);
    check("origin", fields(document.get("origin")), ORIGIN, Set.of("name"), found);
    if (document.get("availability") instanceof JsonValue.Array(List<JsonValue> each)) {
      each.forEach(one -> check("availability", fields(one), AVAILABILITY, Set.of("topic"), found));
    }
    Set<String> unique = new HashSet<>();
    fields(document.get("components"))
        .forEach(
            (id, component) -> {
              entity(id, fields(component), found);
              if (!unique.add(text(fields(component), "unique_id"))) {
                found.add(id + ": unique_id twice or missing");
              }
            });
    return found;
  }

  private static void entity(String id, Map<String, JsonValue> entity, List<String> found) {
    String platform = text(entity, "platform");
    if (!PLATFORMS.containsKey(platform)) {
      found.add(id + ": platform " + platform);
      return;
    }
    Map<String, Kind> keys = new HashMap<>(COMMON);
    keys.putAll(PLATFORMS.getOrDefault(platform, Map.of()));
    check(id, entity, keys, of(REQUIRED, platform), found);
    String deviceClass = text(entity, "device_class");
    if (!deviceClass.isEmpty() && !of(DEVICE_CLASSES, platform).contains(deviceClass)) {
      found.add(id + ": device_class " + deviceClass);
    }
    String category = text(entity, "entity_category");
    if (!category.isEmpty() && !ENTITY_CATEGORIES.contains(category)) {
      found.add(id + ": entity_category " + category);
    }
    String unit = text(entity, "unit_of_measurement");
    if (UNITS.containsKey(deviceClass) && !of(UNITS, deviceClass).contains(unit)) {
      found.add(id + ": unit " + unit + " of " + deviceClass);
    }
    if (platform.equals("sensor")) {
      sensor(id, entity, deviceClass, unit, found);
    }
    if (platform.equals("number")) {
      number(id, entity, found);
    }
  }

  private static void sensor(
      String id,
      Map<String, JsonValue> entity,
      String deviceClass,
      String unit,
      List<String> found) {
    String stateClass = text(entity, "state_class");
    boolean numeric = !NOT_NUMERIC.contains(deviceClass);
    if (!numeric && !(stateClass + unit).isEmpty()) {
      found.add(id + ": a state class or unit of what is no number");
    }
    if (!stateClass.isEmpty() && numeric && !of(STATE_CLASSES, deviceClass).contains(stateClass)) {
      found.add(id + ": state_class " + stateClass + " of " + deviceClass);
    }
    if (entity.containsKey("options") != deviceClass.equals("enum")) {
      found.add(id + ": options belong to device_class enum");
    }
    if (entity.containsKey("last_reset_value_template") && !stateClass.equals("total")) {
      found.add(id + ": last_reset_value_template without state_class total");
    }
  }

  private static void number(String id, Map<String, JsonValue> entity, List<String> found) {
    BigDecimal least = number(entity, "min");
    BigDecimal most = number(entity, "max");
    if (least.compareTo(most) >= 0) {
      found.add(id + ": min is not below max");
    }
    if (entity.containsKey("mode") && !MODES.contains(text(entity, "mode"))) {
      found.add(id + ": mode " + text(entity, "mode"));
    }
  }

  private static void check(
      String where,
      Map<String, JsonValue> fields,
      Map<String, Kind> keys,
      Set<String> required,
      List<String> found) {
    fields.forEach(
        (key, value) -> {
          Kind kind = keys.get(key);
          if (kind == null || !fits(kind, value)) {
            found.add(where + ": " + key + " = " + value);
          }
        });
    required.stream()
        .filter(key -> !fields.containsKey(key))
        .forEach(key -> found.add(where + ": " + key + " is missing"));
  }

  private static boolean fits(Kind kind, JsonValue value) {
    return switch (kind) {
      case TEXT -> value instanceof JsonValue.Text;
      case TEXTS ->
          value instanceof JsonValue.Array(List<JsonValue> each)
              && !each.isEmpty()
              && each.stream().allMatch(JsonValue.Text.class::isInstance);
      case TEMPLATE ->
          value instanceof JsonValue.Text(String text)
              && text.contains("{{ ")
              && text.split("\\{\\{", -1).length == text.split("}}", -1).length;
      case TOPIC_TO_PUBLISH, TOPIC_TO_READ ->
          value instanceof JsonValue.Text(String text) && text.matches("[^+#\\x00]{1,65535}");
      case NATURAL ->
          value instanceof JsonValue.Decimal(BigDecimal number)
              && number.signum() >= 0
              && number.stripTrailingZeros().scale() <= 0;
      case NUMBER -> value instanceof JsonValue.Decimal;
      case TRUTH -> value instanceof JsonValue.Truth;
      case QOS ->
          value instanceof JsonValue.Decimal(BigDecimal number)
              && Set.of("0", "1", "2").contains(number.toPlainString());
    };
  }

  @Test
  void aTokensAmountsAreInTokens() {
    String told =
        new HomeAssistant(
                PILE, "homeassistant", Duration.ofSeconds(30), Denomination.ofToken("CPEA", 6))
            .document();
    assertTrue(told.contains("{{ value | int / 1000000 }}"), told);
    assertTrue(told.contains("\"CPEA/kWh\""), told);
    assertTrue(told.contains("chargepile/pile-1/price_base_units_per_kwh"), told);
    assertTrue(told.contains(".amount_base_units | default(0) / 1000000 }}"), told);
    assertFalse(told.contains("msat"), told);
  }

  @Test
  void homeAssistantTakesEveryKeyOfTheDocument() throws Exception {
    assertEquals(List.of(), objections(document()));
    assertTrue(DISCOVERY_TOPIC.matcher(HOME.topic()).matches(), HOME.topic());
    assertEquals("homeassistant/device/pile-1/config", HOME.topic());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"unit_of_measurement\":\"W\" | \"unit_of_measurement\":\"Watt\"",
        "\"state_class\":\"measurement\" | \"state_class\":\"mean\"",
        "\"device_class\":\"enum\" | \"device_class\":\"power\"",
        "\"device_class\":\"timestamp\" | \"device_class\":\"date of sale\"",
        "\"command_template\" | \"payload_template\"",
        "\"platform\":\"button\" | \"platform\":\"knob\"",
        "\"command_topic\" | \"cmd\"",
        "\"identifiers\" | \"id\"",
        "\"origin\" | \"source\"",
        "\"min\":1 | \"min\":2000",
        "\"mode\":\"box\" | \"mode\":\"field\"",
        "\"retain\":false | \"retain\":\"no\"",
        "\"qos\":1 | \"qos\":3",
        "_pile-1_power\" | _pile-1_price\"",
      })
  void theTablesFindWhatHomeAssistantWouldNotTake(String right, String wrong) throws Exception {
    String document = HOME.document();
    assertTrue(document.contains(right), right);
    assertTrue(
        !objections(fields(JsonReader.read(document.replace(right, wrong)))).isEmpty(), wrong);
  }

  @Test
  void everyTopicInItIsThePiles() throws Exception {
    Set<String> known =
        Set.of(
            PILE.powerW(),
            PILE.energyImportWh(),
            PILE.energyExportWh(),
            PILE.pricePerKwh(AmountUnit.MILLISATOSHI),
            PILE.heartbeat(),
            PILE.session(),
            PILE.contactor(),
            PILE.fault(),
            PILE.info());
    for (JsonValue component : fields(document().get("components")).values()) {
      String state = text(fields(component), "state_topic");
      String command = text(fields(component), "command_topic");
      assertTrue(
          known.contains(state) || PILE.verbOf(command).isPresent(), () -> component.toString());
    }
  }

  @Test
  void everyCommandSaysWhenItWasGiven() throws Exception {
    int commands = 0;
    for (JsonValue component : fields(document().get("components")).values()) {
      String topic = text(fields(component), "command_topic");
      if (!topic.isEmpty()) {
        commands++;
        String rendered =
            text(fields(component), "command_template")
                .replace("{{ utcnow().strftime('%Y-%m-%dT%H:%M:%SZ') }}", "2026-01-31T12:00:00Z")
                .replace("{{ (value * 1000) | int }}", "5000");
        CommandReader.read(
            PILE.verbOf(topic).orElseThrow(),
            rendered.getBytes(StandardCharsets.UTF_8),
            Instant.parse("2026-01-31T12:00:30Z"));
        assertTrue(rendered.contains("\"at\": \"2026-01-31T12:00:00Z\""), rendered);
      }
    }
    assertEquals(6, commands);
  }

  @Test
  void itIsRetainedAndSaidAgainWithEveryConnection() {
    assertEquals(List.of(HOME.topic() + " " + HOME.document()), retainedAfter(true));
  }

  @Test
  void switchedOffItIsCleared() {
    assertEquals(List.of(), retainedAfter(false));
  }

  /** What is retained after a pile of earlier said something, and one of now came. */
  private static List<String> retainedAfter(boolean wanted) {
    MemoryBroker broker =
        new MemoryBroker((delay, task) -> task.run(), MemoryBroker.Faults.NONE, new Random(1));
    Bus earlier = broker.connect(Optional.empty());
    earlier.publish(HOME.topic(), "earlier".getBytes(StandardCharsets.UTF_8), true);
    HOME.announce(broker.connect(Optional.empty()), wanted);
    List<String> found = new ArrayList<>();
    var unused =
        broker
            .connect(Optional.empty())
            .subscribe(
                "homeassistant/#",
                said ->
                    found.add(
                        said.topic() + " " + new String(said.payload(), StandardCharsets.UTF_8)));
    return found;
  }
}
