package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.EvmAddress;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Eip55Test {
  /** Those of EIP-55. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26"
      })
  void theStandardsAddressesAreSound(String address) {
    assertEquals(address, Eip55.write(EvmAddress.of(address.toLowerCase(Locale.ROOT))));
    assertTrue(Eip55.isSound(address));
    assertTrue(Eip55.isSound(address.toLowerCase(Locale.ROOT)));
  }

  @Test
  void aLetterOfTheWrongCaseIsNoticed() {
    assertFalse(Eip55.isSound("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
    assertFalse(Eip55.isSound("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
  }

  @Test
  void whatIsNoAddressIsNotSound() {
    assertFalse(Eip55.isSound("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
    assertFalse(Eip55.isSound("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe"));
    assertFalse(Eip55.isSound("0xgaAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
  }
}
