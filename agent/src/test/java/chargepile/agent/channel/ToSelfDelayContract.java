package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Sweep;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The publisher of a commitment waits {@code to_self_delay} blocks, by the chain's word (P1-25).
 */
abstract class ToSelfDelayContract {
  private final TwoParties pair;

  /** A contract on a chain that is closed when the test ends. */
  ToSelfDelayContract(DrivenChain ledger) {
    pair = new TwoParties(ledger);
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theChainRefusesTheSweepOneBlockTooEarlyAndTakesItThen(boolean pileCloses) {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 200_000_000);
    var closer = pileCloses ? pair.pile : pair.driver;
    Transaction sweep = sweep(closer);
    closer.on(new ChannelEvent.CloseUnilaterally("test"));
    pair.ledger.mine(1);
    for (int depth = 1; depth < TwoParties.DELAY; depth++) {
      String word =
          assertThrows(RejectedException.class, () -> pair.ledger.broadcast(sweep)).getMessage();
      assertTrue(String.valueOf(word).contains("non-BIP68-final"), () -> word);
      pair.ledger.mine(1);
    }
    pair.ledger.broadcast(sweep);
    pair.ledger.mine(1);
    assertEquals(sweep.txOut.getFirst().amount.toLong(), pair.ledger.balance(closer.home).value());
  }

  @Test
  void theMachineNeverBroadcastsASweepThatTheChainWouldRefuse() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 200_000_000);
    pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
    pair.mine(TwoParties.DELAY + TwoParties.FINAL);
    assertTrue(
        pair.pile.errands.refusals().isEmpty(), () -> pair.pile.errands.refusals().toString());
    assertTrue(
        pair.driver.errands.refusals().isEmpty(), () -> pair.driver.errands.refusals().toString());
  }

  /** The sweep of the closer's own output, as it may be broadcast when the delay is over. */
  private static Transaction sweep(TwoParties.Party closer) {
    CommitmentTransaction own =
        new Transactions(TwoParties.SIGNER, closer.keys()).local(closer.commitments());
    var key =
        KeyDerivation.derivePrivateKey(
            closer.keys().delayedBase(),
            closer
                .keys()
                .perCommitmentPoint(closer.commitments().local().number(), TwoParties.SIGNER),
            TwoParties.SIGNER);
    return Sweep.toLocal(own, key, closer.home, new Feerate(1000), TwoParties.SIGNER).orElseThrow();
  }
}
