package chargepile.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsistencyTest {
  /** Lines are separated by {@code ;}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [gpio];over_temperature_pin = 22                | gpio.over_temperature_pin: pin 22 is gpio.contactor_pin already
          [gpio];plug_pin = 17                            | gpio.plug_pin: pin 17 is gpio.import_pin already
          [tariff];export_price_msat_per_kwh = 300001;[gpio];export_pin = 27 | tariff.export_price_msat_per_kwh: is 300001, above
          [tariff];export_price_msat_per_kwh = 5          | tariff.export_price_msat_per_kwh: energy out of the car has a price
          [meter];impulses_per_kwh = 10000                | meter.minimum_pulse_ms: at its rated 22000 W
          [meter];bounce_ms = 27                          | meter.minimum_pulse_ms: bounce of 27 ms must be shorter
          [exposure];increment_wh = 1;[meter];impulses_per_kwh = 100 | exposure.increment_wh: is less than one pulse
          [exposure];credit_wh = 999                      | exposure.credit_wh: is below increment_wh
          [exposure];increment_wh = 100000;[channel];maximum_capacity_sat = 10000;minimum_capacity_sat = 10000;maximum_feerate_per_kw = 253;channel_reserve_per_mille = 40 | exposure.increment_wh: one increment costs 30000000 msat
          [channel];maximum_capacity_sat = 99999          | channel.minimum_capacity_sat: is above maximum_capacity_sat
          [channel];minimum_feerate_per_kw = 25001        | channel.minimum_feerate_per_kw: is above maximum_feerate_per_kw
          [channel];htlc_minimum_msat = 5000000001        | channel.htlc_minimum_msat: is above max_htlc_value_in_flight_msat
          [channel];maximum_to_self_delay_blocks = 143    | channel.to_self_delay_blocks: asks more of the peer
          [channel];channel_reserve_per_mille = 3      | channel.channel_reserve_per_mille: leaves a reserve of 300 sat
          [channel];maximum_feerate_per_kw = 100000       | channel.minimum_capacity_sat: both reserves, the anchors
          [mqtt];broker_url = "tcp://h:0"                 | mqtt.broker_url: is tcp://h:0; must be
          [mqtt];broker_url = "tcp://h:65536"             | mqtt.broker_url: is tcp://h:65536; must be
          [mqtt];password_file = "p"                      | mqtt.password_file: a password needs a username
          [mqtt];certificate_file = "c"                   | mqtt.certificate_file: a certificate needs its key_file
          [mqtt];key_file = "k"                           | mqtt.key_file: a key needs its certificate_file
          [mqtt];broker_url = "tcp://h:1883";ca_file="c"  | mqtt.broker_url: tcp:// is not encrypted
          [mqtt];broker_url = "tcp://h:1883";username="u";password_file="p" | mqtt.broker_url: tcp:// would send the password
          [chain];rpc_url = "http://h:0"                  | chain.rpc_url: is http://h:0; must be
          [chain];backend = "esplora"                     | chain.backend: "esplora" needs esplora_url
          [chain];esplora_url = "https://h:65536/api"     | chain.esplora_url: is https://h:65536/api; must be
          [chain];network = "mainnet";i_understand_the_risk = true;backend = "esplora";esplora_url = "http://h/api" | chain.esplora_url: http:// lets anybody on the way hide a cheat
          [wallet];sweep_to = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" | wallet.sweep_to: is no P2WPKH, P2WSH or P2TR address of the network regtest
          [wallet];sweep_to = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt082" | wallet.sweep_to: is no P2WPKH, P2WSH or P2TR address of the network regtest
          [chain];rpc_user = "u"                          | chain.rpc_user: a user needs an rpc_password_file
          [chain];rpc_password_file = "p"                 | chain.rpc_password_file: a password needs an rpc_user
          [chain];second_rpc_url = "http://h:0";second_cookie_file="c" | chain.second_rpc_url: is http://h:0; must be
          [chain];second_rpc_url = "http://h:8332"        | chain.second_rpc_url: needs the second node's second_cookie_file
          [chain];second_rpc_url = "http://127.0.0.1:18443";second_cookie_file="c" | chain.second_rpc_url: is the first node again
          [chain];second_cookie_file = "c"                | chain.second_rpc_url: is missing, but there are credentials
          [chain];grace_minutes = 60;[channel];to_self_delay_blocks = 6 | chain.grace_minutes: is 60, but with to_self_delay_blocks of 6
          [chain];rpc_url = "http://h:8332";rpc_user="u";rpc_password_file="p" | chain.rpc_url: http:// would send the password
          """)
  void contradictionsAreTold(String lines, String told) {
    List<String> problems = ConfigFileTest.problems(config(lines.replace(';', '\n')));
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains(": " + told), problems::toString);
  }

  @Test
  void mainnetNeedsAnExplicitWord() {
    List<String> problems = ConfigFileTest.problems(config("[chain]\nnetwork = \"mainnet\""));
    assertTrue(problems.getFirst().contains("also needs i_understand_the_risk = true"));
  }

  @Test
  void nothingEverDueIsAContradiction() {
    assertEquals(
        List.of(
            "c.toml:4:1: tariff.price_msat_per_kwh: this and price_msat_per_minute are both 0, so"
                + " nothing would ever be due; set one of them"),
        ConfigFileTest.problems("[pile]\nid = \"p\"\n[tariff]\nprice_msat_per_kwh = 0\n"));
  }

  @Test
  void aWrongValueCausesNoContradictionBesides() {
    List<String> problems =
        ConfigFileTest.problems(config("[exposure]\nincrement_wh = \"1\"\ncredit_wh = 500"));
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains("increment_wh: is \"1\""));
  }

  private static String config(String lines) {
    String tariff = "[tariff]\nprice_msat_per_kwh = 300000\n";
    return "[pile]\nid = \"p\"\n"
        + (lines.startsWith("[tariff]") ? lines.replace("[tariff]\n", tariff) : tariff + lines);
  }
}
