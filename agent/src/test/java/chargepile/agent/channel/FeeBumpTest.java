package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A commitment that pays too little is paid for through its anchor, and raised until it is mined.
 */
class FeeBumpTest {
  private static final Feerate FULL = new Feerate(5_000);

  @Test
  void aCommitmentBelowTheMempoolMinimumIsTakenWithAChildThatPaysForBoth() {
    try (ChannelPair pair = open()) {
      pair.chain.mempoolMinimum(FULL);
      pair.chain.feerate(new Feerate(8_000));
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.pile.look();
      List<Transaction> mempool = pair.chain.mempool();
      assertEquals(2, mempool.size(), () -> pair.pile.errands.refusals().toString());
      long weight = mempool.stream().mapToLong(transaction -> transaction.weight()).sum();
      assertEquals(8_000.0, (double) fee(pair) * 1000 / weight, 100);
      pair.chain.mine(1);
      assertEquals(0, pair.chain.mempool().size(), "both are mined");
    }
  }

  @Test
  void theChildIsRaisedAsFeesRiseAndItsCoinsComeBackWhenThePeersIsMinedInstead() {
    try (ChannelPair pair = open()) {
      long purse = pair.pile.wallet.balance().value();
      Transaction theirs = pair.driver.signedCommitment();
      pair.chain.feerate(new Feerate(4_000));
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.pile.look();
      long first = fee(pair);
      pair.chain.feerate(new Feerate(4_500));
      pair.pile.look();
      assertEquals(first, fee(pair), "too little a change");
      pair.chain.feerate(new Feerate(9_000));
      pair.pile.look();
      assertTrue(fee(pair) > 2 * first);
      assertEquals(2, pair.chain.mempool().size());
      pair.chain.mineWith(List.of(theirs));
      pair.pile.look();
      assertEquals(purse, pair.pile.wallet.balance().value(), "nothing stays reserved");
      assertTrue(
          pair.pile.errands.refusals().isEmpty(), () -> pair.pile.errands.refusals().toString());
    }
  }

  @Test
  void aCommitmentThatPaysEnoughIsLeftAlone() {
    try (ChannelPair pair = open()) {
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.pile.look();
      assertEquals(1, pair.chain.mempool().size());
    }
  }

  @Test
  void thePeersCommitmentIsRaisedForTheSakeOfHtlcsOnly() {
    for (boolean htlc : List.of(true, false)) {
      try (ChannelPair pair = open()) {
        if (htlc) {
          pair.connect();
          pair.run();
          pair.offer(pair.pile, 200_000, ByteVector32.One, 40);
          pair.disconnect();
        }
        pair.driver.on(new ChannelEvent.CloseUnilaterally("test"));
        pair.chain.feerate(new Feerate(9_000));
        pair.pile.look();
        assertEquals(htlc ? 2 : 1, pair.chain.mempool().size());
      }
    }
  }

  @Test
  void aWalletThatCannotPayIsToldOnceAndAskedAgain() {
    try (ChannelPair pair = open()) {
      Satoshi all = new Satoshi(pair.pile.wallet.balance().value() - 10_000);
      Transaction spent = pair.pile.wallet.fund(pair.driver.home, all, new Feerate(1000));
      pair.chain.feerate(new Feerate(9_000));
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.pile.look();
      pair.pile.look();
      assertEquals(1, unpaid(pair));
      pair.pile.wallet.release(spent);
      pair.pile.look();
      assertEquals(2, pair.chain.mempool().size(), "now it pays");
      assertEquals(1, unpaid(pair));
    }
  }

  @Test
  void aChangedTemplateIsNotSigned() {
    try (ChannelPair pair = open()) {
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.pile.look();
      Stage.Closing closing = assertInstanceOf(Stage.Closing.class, pair.pile.state.stage());
      OwnCommitment own =
          new OwnCommitment(
              new ChannelContext(
                  TwoParties.SIGNER, pair.pile.keys(), 0, pair.settings(), true, pair.pile.home),
              closing.commitments(),
              new Transactions(TwoParties.SIGNER, pair.pile.keys()).local(closing.commitments()));
      FeeNeed child = own.askable().getFirst();
      FeeRequest request = child.request(new Feerate(5000), Optional.empty());
      Transaction honest = pair.pile.wallet.addFee(request);
      Transaction changed =
          new Transaction(honest.version, honest.txIn.reversed(), honest.txOut, honest.lockTime);
      pair.pile.on(new ChannelEvent.FeeAdded(request, changed));
      assertEquals(1, pair.chain.mempool().size());
      assertTrue(pair.pile.alerts.getLast().contains("not signed"));
    }
  }

  /** A channel in use whose link is cut. */
  private static ChannelPair open() {
    ChannelPair pair = new ChannelPair();
    pair.open(pair.driver, new Amount(300_000_000));
    pair.charge(1000, 20_000_000);
    pair.disconnect();
    return pair;
  }

  private static long fee(ChannelPair pair) {
    return pair.chain.mempool().stream().mapToLong(each -> pair.chain.fee(each).value()).sum();
  }

  private static long unpaid(ChannelPair pair) {
    return pair.pile.alerts.stream().filter(text -> text.contains("stays unpaid")).count();
  }
}
