package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Sweep;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The publisher of a commitment waits {@code to_self_delay} blocks, by the chain's word (P1-25).
 */
class ToSelfDelayTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theChainRefusesTheSweepOneBlockTooEarlyAndTakesItThen(boolean pileCloses) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.charge(1000, 200_000_000);
      var closer = pileCloses ? pair.pile : pair.driver;
      Transaction sweep = sweep(closer);
      closer.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.chain.mine(1);
      for (int depth = 1; depth < ChannelPair.DELAY; depth++) {
        String word =
            assertThrows(RejectedException.class, () -> pair.chain.broadcast(sweep)).getMessage();
        assertTrue(String.valueOf(word).contains("non-BIP68-final"), () -> word);
        pair.chain.mine(1);
      }
      pair.chain.broadcast(sweep);
      pair.chain.mine(1);
      assertEquals(sweep.txOut.getFirst().amount.toLong(), pair.chain.balance(closer.home).value());
    }
  }

  @Test
  void theMachineNeverBroadcastsASweepThatTheChainWouldRefuse() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.charge(1000, 200_000_000);
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.mine(ChannelPair.DELAY + ChannelPair.FINAL);
      assertTrue(pair.pile.refusals.isEmpty(), () -> pair.pile.refusals.toString());
      assertTrue(pair.driver.refusals.isEmpty(), () -> pair.driver.refusals.toString());
    }
  }

  /** The sweep of the closer's own output, as it may be broadcast when the delay is over. */
  private static Transaction sweep(ChannelPair.Party closer) {
    CommitmentTransaction own =
        new Transactions(ChannelPair.SIGNER, closer.keys()).local(closer.commitments());
    var key =
        KeyDerivation.derivePrivateKey(
            closer.keys().delayedBase(),
            closer
                .keys()
                .perCommitmentPoint(closer.commitments().local().number(), ChannelPair.SIGNER),
            ChannelPair.SIGNER);
    return Sweep.toLocal(own, key, closer.home, new Feerate(1000), ChannelPair.SIGNER)
        .orElseThrow();
  }
}
