package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.session.leg.PaymentLeg;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerChannelCodecTest {
  @ParameterizedTest
  @EnumSource
  void aChannelInUseComesBackWithTheNumberOfItsKeysAndWithoutALink(TestLedger.Kind ledger) {
    try (SessionWorld world = paying(ledger)) {
      PeerChannel known = world.driver.state.channel();
      PeerChannel read = PeerChannelCodec.decode(PeerChannelCodec.encode(known));
      world.disconnect();
      assertEquals(world.driver.state.channel(), read);
      assertEquals(PaymentLeg.Life.IN_USE, read.leg().life());
    }
  }

  @Test
  void aPenaltyChannelIsStoredAsItAlwaysWas() {
    try (SessionWorld world = paying(TestLedger.Kind.BITCOIN)) {
      PeerChannel known = world.driver.state.channel();
      assertArrayEquals(
          ChannelCodec.encode(known.leg().penalty().orElseThrow()), PeerChannelCodec.encode(known));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesThatAreCutOffAreRefused(TestLedger.Kind ledger) {
    try (SessionWorld world = paying(ledger)) {
      byte[] whole = PeerChannelCodec.encode(world.driver.state.channel());
      for (int length = 0; length < whole.length; length += 1 + length / 16) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThrows(MalformedStateException.class, () -> PeerChannelCodec.decode(cut));
      }
    }
  }

  private static SessionWorld paying(TestLedger.Kind ledger) {
    SessionWorld world = charging(ledger, PILE, DRIVER);
    return world.runUntil(() -> world.pile.session().updates() == 2, Duration.ofHours(1));
  }
}
