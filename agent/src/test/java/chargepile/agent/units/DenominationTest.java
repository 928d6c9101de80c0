package chargepile.agent.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenominationTest {
  @Test
  void amountsAreCountedAsPeopleDo() {
    assertEquals(new BigDecimal("1623.450"), Denomination.SATOSHI.decimal(new Amount(1_623_450)));
    assertEquals(
        new BigDecimal("0.300000"), Denomination.ofToken("CPEA", 6).decimal(new Amount(300_000)));
    assertEquals(new BigDecimal("7"), Denomination.BASE_UNITS.decimal(new Amount(7)));
  }

  /** Anybody may have written the contract. */
  @ParameterizedTest
  @CsvSource({"'', 6", "'US D', 6", "abcdefghijklm, 6", "CPEA, -1", "CPEA, 31"})
  void whatATokenCallsItselfIsNotBelievedWhereItCantBeShown(String symbol, int decimals) {
    assertEquals(Denomination.BASE_UNITS, Denomination.ofToken(symbol, decimals));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Denomination(AmountUnit.BASE_UNIT, symbol, decimals));
  }

  @Test
  void aUnitIsInTheNameOfThePrice() {
    assertEquals("price_msat_per_kwh", AmountUnit.MILLISATOSHI.pricePerKwh());
    assertEquals("price_base_units_per_kwh", AmountUnit.BASE_UNIT.pricePerKwh());
    assertEquals("1,234 base units", AmountUnit.BASE_UNIT.write(new Amount(1234)));
  }
}
