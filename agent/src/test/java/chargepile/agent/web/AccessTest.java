package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
  private static final String TOKEN = "0123456789abcdef0123";

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "127.0.0.1:8780, true",
    "127.0.0.1, true",
    "[::1]:8780, true",
    "192.168.1.20:8780, true",
    "localhost:8780, true",
    "LOCALHOST, true",
    "pile-1.local:8780, true",
    "Pile-1.Local, true",
    "evil.example:8780, false",
    "pile-1.local.evil.example, false",
    "127.0.0.1.evil.example, false",
    "localhost.evil.example, false",
    "127.1, true",
    "2130706433, true",
    "0x7f.1, false",
    "'', false",
    "'a b', false",
    "'127.0.0.1:8780, evil.example', false",
  })
  void onlyOwnNamesAndAddressesAreKnown(String host, boolean known) {
    assertEquals(known, new Access(Optional.of("pile-1.local"), Optional.empty()).knows(host));
  }

  @Test
  void withoutATokenEverybodyMayRead() {
    assertTrue(new Access(Optional.empty(), Optional.empty()).admits(null));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "Bearer 0123456789abcdef0123, true",
    "bearer  0123456789abcdef0123, true",
    "Bearer 0123456789abcdef0124, false",
    "Bearer 0123456789abcdef012, false",
    "Bearer 0123456789abcdef01234, false",
    "Basic 0123456789abcdef0123, false",
    "0123456789abcdef0123, false",
    "Bearer, false",
    "'', false",
  })
  void withATokenOnlyWhoShowsIt(String authorization, boolean admitted) {
    Access access = new Access(Optional.empty(), Optional.of(TOKEN));
    assertEquals(admitted, access.admits(authorization));
    assertFalse(access.admits(null));
  }
}
