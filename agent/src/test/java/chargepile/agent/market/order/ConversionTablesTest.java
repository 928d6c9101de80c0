package chargepile.agent.market.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.order.ConversionTable.Factor;
import chargepile.agent.units.WattHours;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** P2-03. */
class ConversionTablesTest {
  private static final EnergyType HYDROGEN = new EnergyType("hydrogen");
  private static final ConversionTables TABLES =
      ConversionTables.FIRST.with(
          Map.of(EnergyType.ELECTRICITY, new Factor("Wh", 1, 1), HYDROGEN, new Factor("g", 50, 3)));

  @Test
  void aQuantityIsConvertedByItsVersionRoundedDown() {
    assertEquals(Optional.of(new WattHours(16)), table(2).convert(HYDROGEN, 1));
    assertEquals(Optional.of(new WattHours(50)), table(2).convert(HYDROGEN, 3));
    assertEquals(Optional.empty(), table(1).convert(HYDROGEN, 3));
    assertEquals(Optional.of(new WattHours(77)), table(1).convert(EnergyType.ELECTRICITY, 77));
  }

  @Test
  void whatCannotBeCountedDoesNotConvert() {
    assertEquals(Optional.empty(), table(2).convert(HYDROGEN, Long.MAX_VALUE));
    assertEquals(
        Optional.of(new WattHours(Long.MAX_VALUE)),
        table(2).convert(EnergyType.ELECTRICITY, Long.MAX_VALUE));
  }

  @Test
  void versionsAreAddedAndNoneIsChanged() {
    assertEquals(ConversionTable.FIRST, table(1));
    assertEquals(Optional.empty(), TABLES.version(3));
    assertEquals(Optional.empty(), TABLES.version(0));
    assertThrows(IllegalArgumentException.class, () -> new ConversionTables(List.of(table(2))));
    assertThrows(IllegalArgumentException.class, () -> new Factor("g", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Factor("g", 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new EnergyType("Steam!"));
  }

  private static ConversionTable table(int version) {
    return TABLES.version(version).orElseThrow();
  }
}
