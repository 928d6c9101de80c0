package chargepile.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  private static final String LEAST =
      """
      [pile]
      id = "p1"
      [tariff]
      price_msat_per_kwh = 300000
      """;

  @Test
  void theLeastConfigurationTakesTheDefaults() throws ConfigException {
    Config config = ConfigFile.parse("c.toml", LEAST);
    assertEquals("p1", config.pile().id());
    assertEquals(Path.of("/var/lib/chargepile"), config.pile().dataDirectory());
    assertEquals(new Amount(300_000), config.tariff().importPricePerKwh());
    assertEquals(MilliWattHours.ofWattHours(1000), config.exposure().increment());
    assertEquals(config.exposure().increment(), config.exposure().credit());
    assertEquals(144, config.bitcoin().channel().toSelfDelay());
    assertEquals(new Satoshi(1000), config.bitcoin().channel().reserve(new Satoshi(100_000)));
    assertEquals("chargepile-p1", config.mqtt().clientId());
    assertTrue(config.mqtt().tls());
    assertEquals(Duration.ofSeconds(120), config.plausibility().deadAfter());
    assertEquals(Duration.ofMinutes(10), config.bitcoin().chain().grace());
    assertEquals(Optional.empty(), config.logLevel());
  }

  /** Found by fuzzing: two thousand empty lines took the parser most of a minute. */
  @Test
  void moreEmptyLinesThanTheParserCanTakeAreRefusedAndNothingElseIsSaid() throws ConfigException {
    ConfigFile.parse("c.toml", LEAST + "# nothing\n\n".repeat(150));
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> ConfigFile.parse("c.toml", "# nothing\n \n".repeat(1000) + LEAST));
    assertEquals(1, refused.problems().size());
    assertEquals(301, refused.problems().getFirst().line());
  }

  @Test
  void valuesBecomeTypesWithUnits() throws ConfigException {
    Config config =
        ConfigFile.parse(
            "c.toml",
            LEAST
                + """
                price_msat_per_minute = 60
                [exposure]
                increment_wh = 10
                credit_wh = 0
                [session]
                store_every_wh = 500
                [gpio]
                export_pin = 27
                [meter]
                dead_after_s = 40
                [chain]
                network = "signet"
                rpc_url = "http://127.0.0.1:38332"
                rpc_user = "u"
                rpc_password_file = "p"
                wallet = "w"
                second_rpc_url = "https://b:8332"
                second_cookie_file = "c"
                max_tip_age_minutes = 90
                reserve_per_channel_sat = 70000
                [log]
                level = "debug"
                """);
    assertEquals(ChainSettings.Network.SIGNET, config.bitcoin().chain().network());
    assertEquals(38332, config.bitcoin().chain().rpc().getPort());
    assertEquals(Optional.of("u"), config.bitcoin().chain().rpcUser());
    assertTrue(config.bitcoin().chain().rpcPasswordFile().orElseThrow().isAbsolute());
    assertEquals("w", config.bitcoin().chain().wallet());
    assertEquals(Optional.of(Duration.ofMinutes(90)), config.bitcoin().chain().maxTipAge());
    assertEquals("b", config.bitcoin().chain().second().orElseThrow().rpc().getHost());
    assertEquals(Optional.of(new Satoshi(70_000)), config.bitcoin().chain().reservePerChannel());
    assertEquals(new Amount(60), config.tariff().pricePerMinute());
    assertEquals(new MilliWattHours(10_000), config.exposure().increment());
    assertEquals(MilliWattHours.ZERO, config.exposure().credit());
    assertEquals(MilliWattHours.ofWattHours(500), config.session().storeEveryEnergy());
    assertEquals(27, config.gpio().exportPin().orElseThrow());
    assertEquals(Duration.ofSeconds(40), config.plausibility().deadAfter());
    assertEquals(Optional.of(LogLevel.DEBUG), config.logLevel());
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
    assertEquals(
        List.of(
            "c.toml:1:1: pile: " + "must be a section: write [pile] on a line of its own",
            "c.toml:1:1: pile.id: is missing; must be a letter or digit and up to 31 more letters,"
                + " digits, _ or -",
            "c.toml:3:3: meter.impulses_per_kwh: is 0; must be an integer from 1 to 100000"
                + " (default 1000)",
            "c.toml:4:1: meter.bounce_ms: is the decimal 3.0; must be an integer from 0 to 100"
                + " (default 3)",
            "c.toml:6:1: tariff.price_msat_per_kwh: is \"dear\"; must be an integer from 0 to"
                + " 1000000000000",
            "c.toml:8:1: gpio.backend: is \"PI\"; must be \"simulated\", \"pi\" (default \"pi\")",
            "c.toml:9:1: gpio.plug_active_low: is 1; must be true or false (default true)"),
        problems(
            """
            pile = 5
            [meter]
              impulses_per_kwh = 0
            bounce_ms = 3.0
            [tariff]
            price_msat_per_kwh = "dear"
            [gpio]
            backend = "PI"
            plug_active_low = 1
            """));
  }

  @Test
  void unknownKeysAndSectionsComeWithAGuess() {
    assertEquals(
        List.of(
            "c.toml:1:1: credit_wh: a key outside of any section; did you mean"
                + " exposure.credit_wh?",
            "c.toml:6:1: tariff.price_msat_per_kw: unknown key; did you mean price_msat_per_kwh?",
            "c.toml:7:1: tariff.credit_wh: unknown key; did you mean exposure.credit_wh?",
            "c.toml:8:1: tarif: unknown section; did you mean tariff?",
            "c.toml:11:1: log.colour: unknown key; allowed: level"),
        problems(
            """
            credit_wh = 3
            [pile]
            id = "p1"
            [tariff]
            price_msat_per_kwh = 300000
            price_msat_per_kw = 1
            credit_wh = 5
            [tarif]
            id = 7
            [log]
            colour = "red"
            """));
  }

  @Test
  void oddKeysAreToldLikeAnyOther() {
    assertEquals(2, problems(LEAST + "\"a.b c\" = 1\n[\"x y.z\"]\n").size());
    assertEquals(
        1,
        problems("[[pile]]\nid = \"p1\"\n" + LEAST.substring(16)).stream()
            .filter(problem -> problem.contains("must be a section"))
            .count());
  }

  @Test
  void syntaxErrorsHideNoOtherProblemAndClaimNothingMissing() {
    List<String> problems = problems("[pile]\nid = \n[meter]\nimpulses_per_kwh = -1\n");
    assertEquals(2, problems.stream().filter(p -> !p.contains("price_msat")).count());
    assertTrue(problems.get(0).startsWith("c.toml:2:"), problems.get(0));
    assertTrue(
        problems.get(1).startsWith("c.toml:4:1: meter.impulses_per_kwh: is -1"), problems.get(1));
    assertEquals(2, problems.size());
  }

  @Test
  void aFileThatCannotBeReadIsAProblemToo(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("none.toml");
    assertEquals(
        missing + ":1:1: there is no such file",
        assertThrows(ConfigException.class, () -> ConfigFile.load(missing)).getMessage());
    Path binary = Files.write(folder.resolve("binary.toml"), new byte[] {(byte) 0xff, 0});
    assertEquals(
        binary + ":1:1: is not UTF-8 text",
        assertThrows(ConfigException.class, () -> ConfigFile.load(binary)).getMessage());
    assertThrows(ConfigException.class, () -> ConfigFile.load(folder));
  }

  @Test
  void relativePathsStartAtTheFilesFolder(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("c.toml");
    Files.writeString(file, LEAST + "[mqtt]\nca_file = \"tls/ca.pem\"\n", StandardCharsets.UTF_8);
    assertEquals(
        Optional.of(folder.toAbsolutePath().normalize().resolve("tls/ca.pem")),
        ConfigFile.load(file).mqtt().caFile());
  }

  @Property(tries = 300)
  void whateverTheTextItIsReadOrRefused(@ForAll String text) {
    assertThrows(ConfigException.class, () -> ConfigFile.parse("c.toml", text));
  }

  static List<String> problems(String text) {
    return assertThrows(ConfigException.class, () -> ConfigFile.parse("c.toml", text))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void whoTheDriversHaveToBeIsReadWithTheFilesThatSayIt() throws ConfigException {
    IdentitySettings usual = ConfigFile.parse("c.toml", LEAST).identity();
    assertEquals(IdentityPolicy.OFF, usual.policy());
    assertEquals(Optional.empty(), usual.kgc());
    IdentitySettings strict =
        ConfigFile.parse(
                "c.toml",
                LEAST + "[identity]\npolicy = \"required\"\nkgc_file = \"/etc/kgc.pem\"\n")
            .identity();
    assertEquals(IdentityPolicy.REQUIRED, strict.policy());
    assertEquals(Optional.of(Path.of("/etc/kgc.pem")), strict.kgc());
  }
}
