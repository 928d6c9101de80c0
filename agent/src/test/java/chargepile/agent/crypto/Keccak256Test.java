package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fr.acinq.bitcoin.ByteVector;
import org.junit.jupiter.api.Test;

class Keccak256Test {
  @Test
  void isTheHashBeforeItsPaddingWasChangedForSha3() {
    assertEquals(
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        Keccak256.hash("").toHex());
    assertEquals(
        "97794b46b3afe9245d61058666381907ac8a35b0e3bce564cde9dd0eea648cb6",
        Keccak256.hash("evidence").toHex());
  }

  @Test
  void partsAreHashedOneAfterTheOther() {
    assertEquals(
        Keccak256.hash("evidence"),
        Keccak256.hash(new ByteVector("65766964"), new ByteVector("656e6365")));
  }
}
