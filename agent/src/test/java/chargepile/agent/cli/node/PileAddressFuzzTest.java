package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class PileAddressFuzzTest {
  private static final String NODE =
      "chargepile:0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798@";

  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.ofText(
            "a pile's address",
            List.of(NODE + "broker.example:8883/pile-1", NODE + "[::1]:1883/P_2"),
            CommandFailedException.class,
            PileAddress::parse));
  }
}
