package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.cli.ReadJson;
import java.math.BigDecimal;
import java.util.List;
import kotlinx.serialization.json.JsonPrimitive;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void fieldsKeepTheirOrderOnOneLine() {
    Json json =
        Json.object()
            .put("text", "a")
            .put("number", 7)
            .put("truth", true)
            .put("list", Json.strings(List.of("x", "y")))
            .put("inner", Json.object().end())
            .put("nothing", Json.NULL)
            .end();
    assertEquals(
        "{\"text\":\"a\",\"number\":7,\"truth\":true,\"list\":[\"x\",\"y\"],\"inner\":{},"
            + "\"nothing\":null}",
        json.toString());
  }

  @Test
  void controlCharactersQuotesAndLineSeparatorsAreEscaped() {
    assertEquals(
        "\"\\\"\\\\\\n\\r\\t\\u0000\\u001b\\u007f\\u2028/\"",
        Json.of("\"\\\n\r\t\0\u001b\u007f\u2028/").toString());
  }

  @Test
  void halfASurrogatePairIsEscapedAndAWholeOneIsKept() {
    assertEquals("\"\\ud83d \ud83d\udd0c\"", Json.of("\ud83d \ud83d\udd0c").toString());
  }

  @Test
  void decimalsHaveNoExponentAndNoZerosAtTheEnd() {
    assertEquals("5412.5", Json.of(new BigDecimal("5412.500")).toString());
    assertEquals("100", Json.of(new BigDecimal("1E+2")).toString());
    assertEquals("0.001", Json.of(new BigDecimal("0.001")).toString());
    assertEquals("0", Json.of(new BigDecimal("0.000")).toString());
  }

  @Property(tries = 300)
  void anyTextIsReadBackAsItWas(@ForAll String name, @ForAll String value) {
    String json = Json.object().put(name, value).end().toString();
    assertEquals(1, json.lines().count());
    assertEquals(
        value, ((JsonPrimitive) ReadJson.object(json).values().iterator().next()).getContent());
  }

  @Property(tries = 100)
  void anyNumberIsReadBackAsItWas(@ForAll long value, @ForAll BigDecimal decimal) {
    assertEquals(value, Long.parseLong(ReadJson.value(Json.of(value).toString()).toString()));
    String read = ReadJson.value(Json.of(decimal).toString()).toString();
    assertEquals(0, decimal.compareTo(new BigDecimal(read)));
  }
}
