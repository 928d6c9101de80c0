package chargepile.agent.ocmf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fr.acinq.bitcoin.PublicKey;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeterPublicKeyTest {
  private static final PublicKey KEY = RecordSamples.METER.publicKey();

  @Test
  void aKeyIsReadInEitherForm() throws MalformedRecordException {
    assertEquals(KEY, MeterPublicKey.parse(MeterPublicKey.toHex(KEY)));
    assertEquals(KEY, MeterPublicKey.parse(MeterPublicKey.toHex(KEY).toLowerCase(Locale.ROOT)));
    assertEquals(KEY, MeterPublicKey.parse(KEY.toHex()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "02",
        "zz",
        "0200000000000000000000000000000000000000000000000000000000000000ff00",
        "05aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "3056301006072A8648CE3D020106052B8104000A034200",
        "3059301306072A8648CE3D020106082A8648CE3D03010703420004"
      })
  void whatIsNoKeyIsRefused(String hex) {
    assertThrows(MalformedRecordException.class, () -> MeterPublicKey.parse(hex));
  }
}
