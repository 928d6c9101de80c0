package chargepile.agent.channel.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fr.acinq.bitcoin.ByteVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DustTest {
  @ParameterizedTest
  @CsvSource({
    "P2PKH, 76a914, 20, 88ac, 546",
    "P2SH, a914, 20, 87, 540",
    "P2WPKH, 0014, 20, '', 294",
    "P2WSH, 0020, 32, '', 330",
    "P2TR, 5120, 32, '', 330",
    "a later witness version, 6028, 40, '', 354"
  })
  void isThatOfBolt3(String kind, String head, int size, String tail, long satoshi) {
    ByteVector script = new ByteVector(head + "11".repeat(size) + tail);
    assertEquals(satoshi, Dust.threshold(script).value(), kind);
  }
}
