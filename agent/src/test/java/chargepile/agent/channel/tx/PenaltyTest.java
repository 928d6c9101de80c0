package chargepile.agent.channel.tx;

import static chargepile.agent.channel.tx.Channel.FEERATE;
import static chargepile.agent.channel.tx.Channel.OFFERED;
import static chargepile.agent.channel.tx.Channel.RECEIVED;
import static chargepile.agent.channel.tx.Channel.SIGNER;
import static chargepile.agent.channel.tx.Channel.WALLET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PenaltyTest {
  private final Channel channel = new Channel();
  private final CommitmentTransaction revoked = channel.commitment(OFFERED, RECEIVED);
  private final Transaction published = channel.signed(revoked);

  private Optional<Transaction> penalty(
      List<CommitmentOutput> outputs, PrivateKey key, Optional<PrivateKey> paymentKey) {
    return Penalty.of(revoked, outputs, key, paymentKey, WALLET, FEERATE, SIGNER);
  }

  @Test
  void takesEveryOutputAtOnceWithoutADelay() {
    Transaction penalty =
        penalty(revoked.outputs(), channel.revocationKey(), Optional.empty()).orElseThrow();
    assertEquals(3, penalty.txIn.size());
    assertTrue(penalty.txIn.stream().allMatch(input -> input.sequence == 0xfffffffdL));
    Channel.verify(penalty, published);
  }

  @Test
  void takesTheOwnBalanceAlong() {
    Transaction penalty =
        penalty(
                revoked.outputs(),
                channel.revocationKey(),
                Optional.of(channel.other.paymentBase()))
            .orElseThrow();
    Channel.verify(penalty, published);
    long anchors = 2 * CommitmentLayout.ANCHOR.value();
    long fees =
        Channel.fee(penalty, published)
            + CommitmentTransaction.fee(revoked.spec(), Channel.DUST).value();
    assertEquals(
        Channel.CAPACITY.value(),
        penalty.txOut.getFirst().amount.toLong() + fees + anchors,
        "the cheater keeps nothing");
  }

  @Test
  void takesEachOutputAlone() {
    for (CommitmentOutput output : revoked.outputs()) {
      Optional<Transaction> penalty =
          penalty(List.of(output), channel.revocationKey(), Optional.empty());
      switch (output) {
        case CommitmentOutput.ToLocal _, CommitmentOutput.HtlcOutput _ ->
            Channel.verify(penalty.orElseThrow(), published);
        case CommitmentOutput.ToRemote _,
            CommitmentOutput.LocalAnchor _,
            CommitmentOutput.RemoteAnchor _ ->
            assertEquals(Optional.empty(), penalty);
      }
    }
  }

  @Test
  void takesTheSecondStages() {
    for (HtlcTransaction htlc : revoked.htlcTransactions()) {
      Transaction second = channel.signed(htlc);
      Transaction penalty = secondStage(second).orElseThrow();
      Channel.verify(penalty, second);
      assertEquals(0xfffffffdL, penalty.txIn.getFirst().sequence);
    }
  }

  @Test
  void takesSecondStagesThatWereJoinedAndMixedWithOtherOutputs() {
    Transaction joined = joined();
    assertEquals(3, joined.txOut.size());
    Transaction penalty = secondStage(joined).orElseThrow();
    assertEquals(
        List.of(0L, 2L), penalty.txIn.stream().map(input -> input.outPoint.index).toList());
    Channel.verify(penalty, joined);
  }

  /** Both HTLCs at indices 0 and 2, with an input and an output of the publisher's between. */
  private Transaction joined() {
    List<HtlcTransaction> htlcs = revoked.htlcTransactions();
    Transaction first = htlcs.get(0).transaction();
    Transaction second = htlcs.get(1).transaction();
    var wallet = new TxIn(Channel.FUNDING, 0);
    var change = Scripts.output(new Satoshi(1000), WALLET);
    return new Transaction(
        2,
        List.of(first.txIn.getFirst(), wallet, second.txIn.getFirst()),
        List.of(first.txOut.getFirst(), change, second.txOut.getFirst()),
        OFFERED.cltvExpiry());
  }

  @Test
  void findsNothingInAnotherTransaction() {
    assertEquals(Optional.empty(), secondStage(published));
  }

  @Test
  void isNotValidBeforeTheSecretIsRevealed() {
    Transaction penalty =
        penalty(revoked.outputs(), channel.other.revocationBase(), Optional.empty()).orElseThrow();
    assertThrows(RuntimeException.class, () -> Channel.verify(penalty, published));
  }

  @Test
  void worksFromWhatIsSeenOnTheChainAlone() {
    List<CommitmentOutput> outputs =
        CommitmentTransaction.recognise(published, channel.params, channel.keys, List.of());
    Transaction penalty =
        Penalty.of(
                published,
                outputs,
                channel.revocationKey(),
                Optional.of(channel.other.paymentBase()),
                WALLET,
                FEERATE,
                SIGNER)
            .orElseThrow();
    assertEquals(2, penalty.txIn.size());
    Channel.verify(penalty, published);
  }

  private Optional<Transaction> secondStage(Transaction second) {
    return Penalty.ofSecondStage(
        published,
        channel.params,
        channel.keys,
        second,
        channel.revocationKey(),
        WALLET,
        FEERATE,
        SIGNER);
  }
}
