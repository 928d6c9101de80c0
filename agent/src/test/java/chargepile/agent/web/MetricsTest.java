package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void aChargingPile() {
    ExpositionReader metrics = of(Samples.charging());

    assertEquals(7312, metrics.value("chargepile_power_watts"));
    assertEquals(1_843_210, metrics.value("chargepile_energy_import_watt_hours_total"));
    assertEquals(3, metrics.value("chargepile_lost_edges_total"));
    assertEquals(1, metrics.value("chargepile_session_phase", "phase=\"Charging\""));
    assertEquals(0, metrics.value("chargepile_session_phase", "phase=\"None\""));
    assertEquals(
        8432, metrics.value("chargepile_session_delivered_watt_hours", "direction=\"import\""));
    assertEquals(2404, metrics.value("chargepile_session_paid_satoshis", "direction=\"import\""));
    assertEquals(432, metrics.value("chargepile_session_unpaid_watt_hours"));
    assertEquals(2404, metrics.value("chargepile_received_satoshis_total"));
    assertEquals(62_400, metrics.value("chargepile_channel_balance_satoshis", "side=\"pile\""));
    assertEquals(268_575, metrics.value("chargepile_chain_next_deadline_height"));
    assertEquals(300.5, metrics.value("chargepile_price_satoshis_per_kilowatt_hour"));
    assertEquals(1, metrics.value("chargepile_healthy"));
    assertTrue(metrics.value("process_start_time_seconds") > 1.7e9);
    assertTrue(metrics.value("process_resident_memory_bytes") > 1e6);
    assertTrue(metrics.families().size() > 30, metrics.families().keySet().toString());
  }

  @Test
  void aTokensAmountsAreBaseUnitsByName() {
    Snapshot now = Samples.charging();
    Picture picture = new Picture(Samples.TOKEN_PLATE, now, PowerCurve.EMPTY, Tally.ZERO.plus(now));
    ExpositionReader metrics =
        ExpositionReader.read(Metrics.of(picture, ProcessFigures.now(Path.of("."))));
    assertEquals(300_500, metrics.value("chargepile_price_base_units_per_kilowatt_hour"));
    assertEquals(43_200, metrics.value("chargepile_challenge_period_seconds"));
    assertTrue(metrics.families().containsKey("chargepile_received_base_units_total"));
    assertFalse(metrics.families().containsKey("chargepile_to_self_delay_blocks"));
    String state = StateJson.of(picture);
    assertTrue(state.contains("\"import_base_units_per_kwh\":300500"), state);
    assertTrue(state.contains("\"symbol\":\"CPEA\""), state);
    assertTrue(state.contains("\"challenge_period_s\":43200"), state);
    assertFalse(state.contains("msat"), state);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    ExpositionReader metrics = of(Samples.broken("it is away"));

    assertFalse(metrics.families().containsKey("chargepile_power_watts"));
    assertFalse(metrics.families().containsKey("chargepile_chain_tip_height"));
    assertFalse(metrics.families().containsKey("chargepile_session_unpaid_watt_hours"));
    assertEquals(1, metrics.value("chargepile_fault", "fault=\"WELDED_CONTACTOR\""));
    assertEquals(0, metrics.value("chargepile_fault", "fault=\"NOISE\""));
    assertEquals(0, metrics.value("chargepile_chain_in_sight"));
    assertEquals(0, metrics.value("chargepile_healthy"));
  }

  @Test
  void labelsAreQuoted() {
    Exposition out = new Exposition();
    out.family("odd", Exposition.Type.GAUGE, "A back\\slash.")
        .sample(Map.of("a", "say \"hi\"\n\\"), 1);
    assertEquals(
        "# HELP odd A back\\\\slash.\n# TYPE odd gauge\nodd{a=\"say \\\"hi\\\"\\n\\\\\"} 1\n",
        out.toString());
    ExpositionReader.read(out.toString());
  }

  @Test
  void theReaderIsStrict() {
    for (String bad :
        new String[] {
          "a 1\n",
          "# HELP a Help.\n# TYPE a gauge\n",
          "# HELP a Help.\n# TYPE a gauge\na 1",
          "# HELP a Help.\n# TYPE a counter\na 1\n",
          "# HELP a Help.\n# TYPE a gauge\na 1\na 2\n",
          "# HELP a Help.\n# TYPE a gauge\nb 1\n",
          "# HELP a Help.\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n",
        }) {
      assertThrows(AssertionError.class, () -> ExpositionReader.read(bad), bad);
    }
  }

  static ExpositionReader of(Snapshot snapshot) {
    Picture picture =
        new Picture(Samples.PLATE, snapshot, PowerCurve.EMPTY, Tally.ZERO.plus(snapshot));
    return ExpositionReader.read(Metrics.of(picture, ProcessFigures.now(Path.of("."))));
  }
}
