package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.units.Denomination;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What Home Assistant is told so that it shows the pile by itself: one retained document on {@code
 * <prefix>/device/<pile>/config} with a component for each value and each command (Home Assistant's
 * MQTT device discovery, since its release 2024.12).
 */
public final class HomeAssistant {
  /** A heartbeat is missed when this many did not come. */
  private static final int MISSED = 3;

  /** When a command was given: one that a broker holds back for long does nothing. */
  private static final String AT = "\"at\": \"{{ utcnow().strftime('%Y-%m-%dT%H:%M:%SZ') }}\"";

  private final Topics topics;
  private final String prefix;
  private final Duration heartbeat;
  private final Denomination money;
  private Json.Fields components = Json.object();

  /**
   * @param prefix the first level of Home Assistant's discovery topics
   * @param heartbeat between two messages on the topic of that name
   * @param money as people write it
   */
  public HomeAssistant(Topics topics, String prefix, Duration heartbeat, Denomination money) {
    this.money = money;
    this.topics = topics;
    this.prefix = prefix;
    this.heartbeat = heartbeat;
  }

  /** Where the document goes. */
  public String topic() {
    return "%s/device/%s/config".formatted(prefix, topics.pileId());
  }

  /**
   * Publishes the document with every connection, or clears it, so that Home Assistant forgets the
   * pile.
   */
  public void announce(Bus bus, boolean wanted) {
    byte[] payload = wanted ? document().getBytes(StandardCharsets.UTF_8) : new byte[0];
    bus.onConnection(
        up -> {
          if (up) {
            bus.publish(topic(), payload, true);
          }
        });
  }

  /** The document. */
  public String document() {
    components = Json.object();
    values();
    session();
    states();
    commands();
    return Json.object()
        .put(
            "device",
            Json.object()
                .put("identifiers", Json.strings(List.of("chargepile_" + topics.pileId())))
                .put("name", "Charging pile " + topics.pileId())
                .put("manufacturer", "Chargepile")
                .end())
        .put("origin", Json.object().put("name", "chargepile").end())
        .put(
            "availability",
            Json.array(
                List.of(
                    Json.object()
                        .put("topic", topics.status())
                        .put("payload_available", "online")
                        .put("payload_not_available", "offline")
                        .end())))
        .put("components", components.end())
        .end()
        .toString();
  }

  private void values() {
    add(
        "power",
        sensor("Power", topics.powerW())
            .put("device_class", "power")
            .put("state_class", "measurement")
            .put("unit_of_measurement", "W"));
    add("energy_import", energy("Energy delivered", topics.energyImportWh()));
    add("energy_export", energy("Energy taken back", topics.energyExportWh()));
    add(
        "price",
        sensor("Price", topics.pricePerKwh(money.unit()))
            .put("value_template", "{{ value | int%s }}".formatted(inPeoplesUnit()))
            .put("state_class", "measurement")
            .put("unit_of_measurement", money.symbol() + "/kWh"));
    add(
        "heartbeat",
        sensor("Last sign of life", topics.heartbeat())
            .put("device_class", "timestamp")
            .put("value_template", "{{ value_json.time }}")
            .put("expire_after", MISSED * heartbeat.toSeconds())
            .put("entity_category", "diagnostic"));
  }

  /** What makes a count of the smallest unit a number of the one that people use. */
  private String inPeoplesUnit() {
    return money.decimals() == 0
        ? ""
        : " / " + BigDecimal.ONE.scaleByPowerOfTen(money.decimals()).toBigInteger();
  }

  private void session() {
    add(
        "session",
        sensor("Session", topics.session())
            .put("device_class", "enum")
            .put("value_template", "{{ value_json.phase | default('None') | lower }}")
            .put(
                "options",
                Json.strings(
                    List.of(
                        "none",
                        "offered",
                        "charging",
                        "paused",
                        "stopping",
                        "settling",
                        "ended"))));
    add(
        "session_energy",
        energy("Energy of the session", topics.session())
            .put("value_template", "{{ value_json.import_mwh | default(0) / 1000 }}"));
    add(
        "session_paid",
        sensor("Paid in the session", topics.session())
            .put(
                "value_template",
                "{{ (value_json.paid_import | default({})).amount_%s | default(0)%s }}"
                    .formatted(money.unit().key(), inPeoplesUnit()))
            .put("state_class", "total_increasing")
            .put("unit_of_measurement", money.symbol()));
  }

  private void states() {
    add(
        "plug",
        binarySensor("Plug", topics.session())
            .put("device_class", "plug")
            .put("value_template", "{{ 'ON' if value_json.plugged else 'OFF' }}"));
    add(
        "contactor",
        binarySensor("Contactor", topics.contactor())
            .put("payload_on", "closed")
            .put("payload_off", "open"));
    add(
        "fault",
        binarySensor("Fault", topics.fault())
            .put("device_class", "problem")
            .put("value_template", "{{ 'ON' if value_json.faults else 'OFF' }}")
            .put("json_attributes_topic", topics.fault()));
    add(
        "chain",
        binarySensor("Chain in sight", topics.info())
            .put("device_class", "connectivity")
            .put("value_template", "{{ 'ON' if value_json.chain.ok else 'OFF' }}")
            .put("entity_category", "diagnostic"));
  }

  private void commands() {
    for (String verb : List.of("start", "stop", "pause", "resume", "clear-faults")) {
      String name = verb.replace('-', ' ');
      add(
          verb.replace('-', '_'),
          component("button", name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
              .put("command_topic", topics.command(verb))
              .put("command_template", "{" + AT + "}")
              .put("qos", 1)
              .put("retain", false));
    }
    add(
        "limit",
        component("number", "Energy limit")
            .put("command_topic", topics.command("limit"))
            .put("command_template", "{\"energy_wh\": {{ (value * 1000) | int }}, " + AT + "}")
            .put("min", 1)
            .put("max", 1000)
            .put("step", 1)
            .put("mode", "box")
            .put("unit_of_measurement", "kWh")
            .put("qos", 1)
            .put("retain", false));
  }

  private Json.Fields sensor(String name, String topic) {
    return component("sensor", name).put("state_topic", topic);
  }

  private Json.Fields energy(String name, String topic) {
    return sensor(name, topic)
        .put("device_class", "energy")
        .put("state_class", "total_increasing")
        .put("unit_of_measurement", "Wh")
        .put("suggested_display_precision", 0);
  }

  private Json.Fields binarySensor(String name, String topic) {
    return component("binary_sensor", name).put("state_topic", topic);
  }

  private static Json.Fields component(String platform, String name) {
    return Json.object().put("platform", platform).put("name", name);
  }

  private void add(String id, Json.Fields component) {
    String unique = "chargepile_%s_%s".formatted(topics.pileId(), id);
    components.put(id, component.put("unique_id", unique).end());
  }
}
