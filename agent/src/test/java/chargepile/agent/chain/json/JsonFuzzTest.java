package chargepile.agent.chain.json;

import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class JsonFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.ofText(
            "a JSON text",
            List.of(
                "[{\"id\":0,\"result\":{\"height\":5,\"fee\":0.00001000,\"hash\":\"00ff\"}}]",
                "{\"error\":null,\"result\":[true,false,-1.5e-8,\"\\u00e9\\n\",[],{}]}",
                " [ [ [ [ 0 ] ] ] ] "),
            JsonReader.MalformedJsonException.class,
            JsonReader::read));
  }
}
