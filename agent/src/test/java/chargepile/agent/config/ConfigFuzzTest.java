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
    String all = shipped.replaceAll("(?m)^# ([a-z_]+ = )", "$1");
    return Fuzz.tests(
        Door.ofText(
                "a configuration",
                List.of(shipped, all.replaceAll("(?m)^#.*\n", "")),
                ConfigException.class,
                text -> ConfigFile.parse("fuzz.toml", text))
            .oneIn(4));
  }
}
