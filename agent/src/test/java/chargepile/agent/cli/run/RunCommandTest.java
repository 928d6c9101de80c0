package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Satoshi;
import chargepile.hal.gpio.Pin;
import chargepile.hal.gpio.PinLayout;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final String LEAST =
      "[pile]\nid = \"p\"\ndata_dir = \"%s\"\n[tariff]\nprice_msat_per_kwh = 300000\n";

  @TempDir private Path folder;

  @Test
  void aConfigurationIsRequired() {
    CommandRun run = CommandRun.of("run");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("--config"), run.err());
  }

  @Test
  void allThatIsWrongWithItIsTold() throws Exception {
    Path file = Files.writeString(folder.resolve("c.toml"), "[pile]\nid = 5\n");
    CommandRun run = CommandRun.of("run", "--config", file);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("pile.id: is 5"), run.err());
    assertTrue(run.err().contains("tariff.price_msat_per_kwh: is missing"), run.err());
  }

  @Test
  void everySettingReachesTheMachines() throws Exception {
    Config config =
        config(
            """
            [gpio]
            export_pin = 27
            [session]
            peer_timeout_s = 7
            close_timeout_s = 8
            close_after_session = true
            close_when_silent = false
            store_every_s = 9
            [channel]
            to_self_delay_blocks = 50
            channel_reserve_per_mille = 20
            final_depth_blocks = 12
            [chain]
            grace_minutes = 3
            reserve_per_channel_sat = 777
            """);
    PileSettings pile = new PileTerms(config).pile();
    assertEquals(Set.of(Direction.IMPORT, Direction.EXPORT), pile.directions());
    assertEquals(Duration.ofSeconds(7), pile.peerTimeout());
    assertEquals(Duration.ofSeconds(8), pile.closeTimeout());
    assertEquals(Duration.ofSeconds(9), pile.storeEvery());
    assertEquals(Duration.ofMinutes(3), pile.grace());
    assertEquals(new FeeReserve(new Satoshi(777)), new PileTerms(config).reserve());
    assertTrue(pile.closeAfterSession());
    assertTrue(!pile.closeWhenSilent());
    ChannelSettings channel = new PileTerms(config).channel(ByteVector32.Zeroes);
    assertEquals(50, channel.toSelfDelay());
    assertEquals(20, channel.reservePerMille());
    assertEquals(12, channel.finalDepth());
    assertEquals(3, channel.minimumDepth());
  }

  @Test
  void pinsAreThoseOfTheConfiguration() throws Exception {
    PinLayout layout =
        Hardware.layout(config("[gpio]\nimport_pin = 4\ncontactor_active_low = true\n").gpio());
    assertEquals(Pin.activeLow(4), layout.importPulses());
    assertEquals(Pin.activeLow(22), layout.contactor());
    assertEquals(Pin.activeLow(23), layout.plug());
    assertNull(layout.exportPulses());
    assertNull(layout.light());
    assertNull(layout.overTemperature());
  }

  @Test
  void aThermostatIsAPinOfItsOwn() throws Exception {
    String hot = "[gpio]\nover_temperature_pin = 6\ncool_down_s = 30\n";
    Config config = config(hot + "[meter]\nclosing_time_ms = 250\n");
    assertEquals(Pin.activeHigh(6), Hardware.layout(config.gpio()).overTemperature());
    assertEquals(Duration.ofSeconds(30), new PileTerms(config).pile().plausibility().coolDown());
    assertEquals(Duration.ofMillis(250), new PileTerms(config).pile().plausibility().closingTime());
    assertEquals(
        Pin.activeLow(6),
        Hardware.layout(config(hot + "over_temperature_active_low = true\n").gpio())
            .overTemperature());
  }

  @Test
  void theContactorStaysOpenUntilItsReadbackMustHaveShownIt() throws Exception {
    var switching = new PileTerms(config("[meter]\nopening_time_ms = 10000\n")).pile().switching();
    assertTrue(switching.minimumOpen().compareTo(Duration.ofSeconds(10)) > 0);
    assertEquals(PileSettings.Switching.USUAL, new PileTerms(config("")).pile().switching());
  }

  private Config config(String more) throws ConfigException {
    return ConfigFile.parse("c.toml", LEAST.formatted(folder) + more);
  }
}
