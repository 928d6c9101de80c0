package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.cli.CommandFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PileAddressTest {
  /** The curve's generator. */
  private static final String NODE =
      "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

  @ParameterizedTest
  @ValueSource(strings = {"broker.example:8883/pile-1", "127.0.0.1:1883/p", "[::1]:1883/P_2"})
  void whatIsPrintedCanBeRead(String rest) throws CommandFailedException {
    String text = "chargepile:" + NODE + "@" + rest;
    assertEquals(text, PileAddress.parse(text).toString());
  }

  @Test
  void itsPartsAreNodeBrokerAndPile() throws CommandFailedException {
    PileAddress address = PileAddress.parse("chargepile:" + NODE + "@broker.example:8883/pile-1");
    assertEquals(NODE, address.node().toHex());
    assertEquals("broker.example:8883", address.broker());
    assertEquals("pile-1", address.topics().pileId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chargepile:" + NODE,
        "chargepile:" + NODE + "@broker.example/pile-1",
        "chargepile:" + NODE + "@broker.example:8883/pile 1",
        "chargepile:" + NODE + "@broker.example:8883/",
        "chargepile:02@broker.example:8883/pile-1",
        "chargepile:05be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798aa@h:1/p",
        "lightning:" + NODE + "@broker.example:8883/pile-1"
      })
  void anythingElseIsRefused(String text) {
    assertThrows(CommandFailedException.class, () -> PileAddress.parse(text));
  }
}
