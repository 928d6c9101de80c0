package chargepile.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSettingsTest {
  @Test
  void leftOutItIsForThisMachineOnly() throws ConfigException {
    WebSettings web = read("");
    assertTrue(web.enabled());
    assertTrue(web.bind().isLoopbackAddress());
    assertEquals(8780, web.port());
    assertEquals(Optional.empty(), web.tokenFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.20", "fe80::1", "2001:db8::7"})
  void otherAddressesNeedAToken(String address) throws ConfigException {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> read("bind = \"%s\"\n".formatted(address)));
    assertEquals("web.bind", refused.problems().getFirst().key());
    assertEquals(1, refused.problems().size());

    WebSettings web = read("bind = \"%s\"\ntoken_file = \"/token\"\n".formatted(address));
    assertEquals(Optional.of(Path.of("/token")), web.tokenFile());
  }

  @Test
  void whatIsNotEnabledNeedsNone() throws ConfigException {
    assertEquals(false, read("enabled = false\nbind = \"0.0.0.0\"\n").enabled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "::1"})
  void thisMachinesOwnNeedNone(String address) throws ConfigException {
    assertTrue(read("bind = \"%s\"\n".formatted(address)).bind().isLoopbackAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bind = \"localhost\"",
        "bind = \"pile.local\"",
        "bind = \"256.0.0.1\"",
        "bind = \":::1\"",
        "bind = \"1:2\"",
        "bind = \"1:2:3:4:5:6:7:8:9\"",
        "bind = \"\"",
        "port = -1",
        "port = 65536",
        "host = \"a:80\"",
        "host = \"\"",
      })
  void whatCantBeIsRefusedWithItsPlace(String line) {
    ConfigException refused = assertThrows(ConfigException.class, () -> read(line + "\n"));
    assertEquals(1, refused.problems().size(), refused.problems().toString());
    assertTrue(refused.problems().getFirst().key().startsWith("web."));
  }

  private static WebSettings read(String web) throws ConfigException {
    return ConfigFile.parse(
            "test.toml",
            """
            [pile]
            id = "pile-1"
            [tariff]
            price_msat_per_kwh = 300000
            [web]
            %s\
            """
                .formatted(web))
        .web();
  }
}
