package chargepile.agent.config;

import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ConfigFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() throws IOException {
    String shipped = Files.readString(ShippedConfigTest.SHIPPED);
    return Fuzz.tests(
        Door.ofText(
                "a configuration",
                List.of(
                    shipped,
                    ShippedConfigTest.onBitcoin().replaceAll("(?m)^#.*\n", ""),
                    ShippedConfigTest.onEvm().replaceAll("(?m)^#.*\n", "")),
                ConfigException.class,
                text -> ConfigFile.parse("fuzz.toml", text))
            // The parser has some 25 kB to say of each line that is none, however short.
            .costing(10_000)
            .oneIn(4));
  }
}
