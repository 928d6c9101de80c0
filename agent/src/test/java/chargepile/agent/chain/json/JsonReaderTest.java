package chargepile.agent.chain.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.json.JsonReader.MalformedJsonException;
import chargepile.agent.json.JsonText;
import chargepile.agent.units.Satoshi;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  @Test
  void everyKindIsRead() throws MalformedJsonException {
    Json read =
        JsonReader.read(
            " {\"t\": \"a\\\"\\\\\\/\\n\\u20ac\", \"n\": -1.50e2, \"y\": true, \"x\": false,"
                + " \"o\": null, \"a\": [1, [], {}]} ");

    assertEquals("a\"\\/\n€", read.at("t").text());
    assertEquals(new BigDecimal("-1.50e2"), read.at("n").decimal());
    assertTrue(read.at("y").truth());
    assertEquals(new Json.Truth(false), read.at("x"));
    assertEquals(Optional.empty(), read.find("o"));
    assertEquals(
        List.of(
            new Json.Decimal(BigDecimal.ONE), new Json.Array(List.of()), new Json.Fields(Map.of())),
        read.at("a").items());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "\"",
        "\"\\",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "[1 2]",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "NaN",
        "tru",
        "nulls",
        "1 1",
        "{\"a\":1,\"a\":2}",
        "'a'",
        "\"\u0001\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "1e100",
        "1e99999999999",
        "11111111111111111111111111111111111111111",
        "<html>",
        "// 1"
      })
  void whatIsNotStrictJsonIsRefused(String text) {
    assertThrows(MalformedJsonException.class, () -> JsonReader.read(text));
  }

  @Test
  void nestingIsBounded() throws MalformedJsonException {
    JsonReader.read("[".repeat(30) + "]".repeat(30));
    assertThrows(MalformedJsonException.class, () -> JsonReader.read("[".repeat(1_000_000)));
  }

  @Property
  void whatIsWrittenIsReadAgain(@ForAll String text, @ForAll long number)
      throws MalformedJsonException {
    Json read = JsonReader.read(JsonText.of(List.of(text, number, Map.of(text, true))));

    assertEquals(text, read.items().get(0).text());
    assertEquals(BigDecimal.valueOf(number), read.items().get(1).decimal());
    assertTrue(read.items().get(2).at(text).truth());
  }

  @Property
  void amountsAreExactToTheSatoshi(
      @ForAll @LongRange(min = 0, max = 2_100_000_000_000_000L) long satoshi)
      throws MalformedJsonException {
    String bitcoin = BigDecimal.valueOf(satoshi, 8).toPlainString();

    assertEquals(new Satoshi(satoshi), JsonReader.read(bitcoin).satoshi());
  }

  @ParameterizedTest
  @CsvSource({"1e-8, 1", "0.00000001, 1", "0.1, 10000000", "1E2, 10000000000", "0, 0"})
  void amountsMayHaveAnExponent(String bitcoin, long satoshi) throws MalformedJsonException {
    assertEquals(new Satoshi(satoshi), JsonReader.read(bitcoin).satoshi());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.000000001", "-1", "1e90", "\"1\"", "null"})
  void whatIsNoAmountIsRefused(String bitcoin) throws MalformedJsonException {
    Json read = JsonReader.read(bitcoin);

    assertThrows(ChainException.class, read::satoshi);
  }

  @Test
  void theAnswersFaultIsNamed() throws MalformedJsonException {
    Json read = JsonReader.read("{\"blocks\": \"many\"}");

    assertEquals(
        "the node's answer lacks the field chain",
        assertThrows(ChainException.class, () -> read.at("chain")).getMessage());
    assertEquals(
        "the node's answer has a string where a number belongs",
        assertThrows(ChainException.class, () -> read.at("blocks").whole()).getMessage());
  }
}
