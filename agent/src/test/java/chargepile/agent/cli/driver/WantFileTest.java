package chargepile.agent.cli.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WantFileTest {
  private static final WantFile.Kept KEPT =
      new WantFile.Kept(
          EvmAddress.of("0x5fc8d32690cc91d4c39d9d3abcbd16989f875707"),
          new Trading.Want(
              new MarketSettings.Prices(new Amount(250), new Amount(300), new Amount(10)),
              new WattHours(5000),
              new Amount(2000),
              Instant.parse("2026-01-01T12:00:01Z"),
              Duration.ofHours(1),
              Duration.ofMinutes(20),
              new MarketSettings.OnDefault(Optional.empty(), new Amount(30), 500)));

  @TempDir private Path folder;

  @Test
  void whatIsBeingBoughtIsReadBackUntilItIsSettled() throws Exception {
    WantFile file = new WantFile(folder);
    assertEquals(Optional.empty(), file.load());
    file.save(KEPT);
    assertEquals(Optional.of(KEPT), new WantFile(folder).load());
    file.delete();
    assertEquals(Optional.empty(), file.load());
  }

  @Test
  void soIsWhatMayBeAtStake() throws Exception {
    Trading.Want want = KEPT.want();
    WantFile.Kept bounded =
        new WantFile.Kept(
            KEPT.orderBook(),
            new Trading.Want(
                want.bid(),
                want.energy(),
                want.budget(),
                want.since(),
                want.lead(),
                want.window(),
                new MarketSettings.OnDefault(Optional.of(new Amount(70)), new Amount(30), 500)));
    new WantFile(folder).save(bounded);
    assertEquals(Optional.of(bounded), new WantFile(folder).load());
  }

  @ParameterizedTest
  @ValueSource(strings = {"energy_wh=5000", "since=2026", "order_book=0x5F", "budget=2000"})
  void aLineThatIsMissingOrWrongIsToldAndNothingIsBought(String line) throws Exception {
    WantFile file = new WantFile(folder);
    file.save(KEPT);
    Path path = folder.resolve(WantFile.NAME);
    String text = Files.readString(path);
    assertTrue(text.contains(line), text);
    Files.writeString(path, text.replace(line, line.substring(0, line.indexOf('=')) + "=?"));
    CommandFailedException told = assertThrows(CommandFailedException.class, file::load);
    assertTrue(String.valueOf(told.getMessage()).contains(path.toString()), told::toString);
  }
}
