package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.evm.Wei;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "999, 999", "1000, 1 000", "1234567, 1 234 567"})
  void digitsStandInGroupsOfThree(long value, String text) {
    assertEquals(text, Figures.grouped(value));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 Wh",
    "500, 0.5 Wh",
    "1057112, 1 057.112 Wh",
    "9999000, 9 999 Wh",
    "53250000, 53.25 kWh",
  })
  void energyIsExact(long milliWattHours, String text) {
    assertEquals(text, Figures.energy(new MilliWattHours(milliWattHours)));
  }

  @ParameterizedTest
  @CsvSource({"5411999, 5.412 kWh", "0, 0.000 kWh"})
  void kiloWattHoursAreRoundedToThreeDecimals(long milliWattHours, String text) {
    assertEquals(text, Figures.kiloWattHours(new MilliWattHours(milliWattHours)));
  }

  @ParameterizedTest
  @CsvSource({"1623450, 1 623.45 sat", "1000, 1 sat", "1, 0.001 sat", "0, 0 sat"})
  void millisatoshiAreDecimalsOfSatoshi(long msat, String text) {
    assertEquals(text, Figures.sat(new Amount(msat)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59400, 59 s",
    "59500, 1 min 0 s",
    "2720000, 45 min 20 s",
    "7380000, 2 h 3 min"
  })
  void durationsAreRoundedToTheSecond(long millis, String text) {
    assertEquals(text, Figures.duration(Duration.ofMillis(millis)));
  }

  @ParameterizedTest
  @CsvSource({"9999, 9 999 bytes", "151900, 152 kB", "12345678, 12 MB"})
  void bytesGetTheUnitThatFits(long bytes, String text) {
    assertEquals(text, Figures.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({"1872345, 1.87 ms", "0, 0.00 ms"})
  void millisecondsAreRounded(long nanos, String text) {
    assertEquals(text, Figures.milliseconds(Duration.ofNanos(nanos)));
  }

  @ParameterizedTest
  @CsvSource({"10940, 10.9 kW", "-3680, -3.7 kW"})
  void powerIsInKilowatts(long watts, String text) {
    assertEquals(text, Figures.power(watts));
  }

  @ParameterizedTest
  @CsvSource({"16777215, 16 777 215 sat"})
  void satoshiAreWhole(long sat, String text) {
    assertEquals(text, Figures.sat(new Satoshi(sat)));
  }

  @Test
  void tokensAndCoinsAreWrittenAsPeopleCountThem() {
    Denomination token = Denomination.ofToken("CPEA", 6);
    assertEquals("1 234.5 CPEA", Figures.money(token, new Amount(1_234_500_000)));
    assertEquals("300 000 base units", Figures.exact(token.unit(), new Amount(300_000)));
    assertEquals("300 000 base units", Figures.money(Denomination.BASE_UNITS, new Amount(300_000)));
    assertEquals("1 coin", Figures.coins(Wei.ofGwei(1_000_000_000)));
    assertEquals("0.000001 coins", Figures.coins(Wei.ofGwei(1_999)));
  }
}
