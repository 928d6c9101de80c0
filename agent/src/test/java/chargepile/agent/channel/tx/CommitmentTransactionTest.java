package chargepile.agent.channel.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ScriptFlags;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CommitmentTransactionTest {
  private final Channel channel = new Channel();

  @Test
  void staysTheSameForever() {
    // Both sides build it on their own: a changed byte stops every channel.
    assertEquals(
        "0200000001f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0010000"
            + "00005f882980054a010000000000002200204fa1d75a3e01260642a1b1a07dc4344d843c73402bab"
            + "fd67115ef4e24eff3f3a4a0100000000000022002090b0307ebfe8565b237bc1cde88d2f6d63c13c"
            + "6ae211986b50d144a94a95abfa50c30000000000002200201a8d77f60da730e6f09ec99faedde570"
            + "f64eebc491f7718a992bb22f4cbfe4c8d0dd060000000000220020bd2eb4a5a6dc23272b7bb77675"
            + "b12291dc75dc704c88a6c9bf7afe6c5ee42aa77c9907000000000022002064bed9f45aa0fe9550f7"
            + "68760ced3233fdcae167dffe2e4c7096850837169533b4fec320",
        new ByteVector(Transaction.write(channel.commitment(Channel.OFFERED).transaction()))
            .toHex());
  }

  @Test
  void bothSignaturesSpendTheFunding() {
    channel
        .signed(channel.commitment(Channel.OFFERED, Channel.RECEIVED))
        .correctlySpends(Channel.fundingOutput(), ScriptFlags.STANDARD_SCRIPT_VERIFY_FLAGS);
  }

  @Test
  void theFunderPaysTheFeeAndBothAnchors() {
    CommitmentSpec spec = Channel.spec(Channel.OFFERED);
    assertEquals(new Satoshi(1296), CommitmentTransaction.fee(spec, Channel.DUST));
    assertEquals(new Satoshi(1296 + 660), CommitmentTransaction.funderCost(spec, Channel.DUST));
    CommitmentTransaction commitment = channel.commitment(Channel.OFFERED);
    assertEquals(new Satoshi(500_000 - 1296 - 660), commitment.toLocal().orElseThrow().amount());
    assertEquals(new Satoshi(450_000), commitment.toRemote().orElseThrow().amount());
  }

  @Test
  void everySatoshiIsAnOutputOrFee() {
    CommitmentTransaction commitment = channel.commitment(Channel.OFFERED, Channel.RECEIVED);
    long out = commitment.outputs().stream().mapToLong(output -> output.amount().value()).sum();
    long fee = CommitmentTransaction.fee(commitment.spec(), Channel.DUST).value();
    assertEquals(Channel.CAPACITY.value(), out + fee);
  }

  @Test
  void dustGoesToTheFee() {
    Htlc dust = Channel.htlc(HtlcSide.OFFERED, 1, 353, 600);
    Htlc least = Channel.htlc(HtlcSide.OFFERED, 2, 354, 600);
    CommitmentTransaction commitment = channel.commitment(dust, least);
    assertEquals(
        List.of(least),
        commitment.htlcOutputs().stream().map(CommitmentOutput.HtlcOutput::htlc).toList());
  }

  @Test
  void anAnchorStandsOnlyForAnOutputOrHtlcs() {
    Amount all = Channel.CAPACITY.toAmount();
    CommitmentTransaction alone = build(all, Amount.ZERO);
    assertTrue(alone.localAnchor().isPresent());
    assertTrue(alone.remoteAnchor().isEmpty());
    Amount rest = all.minus(Channel.OFFERED.amount());
    CommitmentTransaction withHtlc = build(rest, Amount.ZERO, Channel.OFFERED);
    assertTrue(withHtlc.remoteAnchor().isPresent());
    assertTrue(withHtlc.toRemote().isEmpty());
  }

  @Test
  void aFunderThatCannotPayTheFeePaysAllItHas() {
    CommitmentTransaction commitment =
        build(new Amount(2_000_000), new Amount(998_000_000), Feerate.MINIMUM_RELAY);
    assertTrue(commitment.toLocal().isPresent());
    commitment = build(new Amount(2_000_000), new Amount(998_000_000), new Feerate(5000));
    assertTrue(commitment.toLocal().isEmpty());
    assertEquals(new Satoshi(998_000), commitment.toRemote().orElseThrow().amount());
  }

  @Test
  void equalOutputsAreInOrderOfExpiry() {
    Htlc late = Channel.htlc(HtlcSide.OFFERED, 1, 5000, 900);
    Htlc early = Channel.htlc(HtlcSide.OFFERED, 2, 5000, 800);
    List<HtlcTransaction> htlcs = channel.commitment(late, early).htlcTransactions();
    assertEquals(
        List.of(800L, 900L), htlcs.stream().map(htlc -> htlc.transaction().lockTime).toList());
  }

  @Test
  void refusesATransactionNobodyCouldPublish() {
    assertThrows(
        IllegalArgumentException.class,
        () -> build(new Amount(900_000), new Amount(100_000), new Feerate(5000)));
    assertThrows(
        IllegalArgumentException.class,
        () -> CommitmentTransaction.build(channel.params, channel.keys, Channel.spec(), 1L << 48));
  }

  @Property(tries = 200)
  void theNumberIsHiddenAndFoundAgain(@ForAll @LongRange(min = 0, max = (1L << 48) - 1) long n) {
    Transaction transaction =
        CommitmentTransaction.build(channel.params, channel.keys, Channel.spec(), n).transaction();
    assertEquals(n, CommitmentTransaction.numberOf(transaction, channel.params.obscuringFactor()));
    assertEquals(0x20, transaction.lockTime >>> 24);
    assertEquals(0x80, transaction.txIn.getFirst().sequence >>> 24);
  }

  @Test
  void weighsWhatItPaysFor() {
    // BOLT 3, "Expected weights": signatures of 73 bytes are assumed, ours have at most 72.
    for (int count : new int[] {0, 1, 10}) {
      Htlc[] htlcs =
          IntStream.range(0, count)
              .mapToObj(id -> Channel.htlc(HtlcSide.RECEIVED, id, 1000 + id, 600))
              .toArray(Htlc[]::new);
      int weight = channel.signed(channel.commitment(htlcs)).weight();
      int paid = 1124 + 172 * count;
      assertTrue(weight <= paid && weight > paid - 16, weight + " for " + paid);
    }
  }

  @Test
  void outputsAreRecognisedWithoutTheBalances() {
    CommitmentTransaction commitment = channel.commitment(Channel.OFFERED, Channel.RECEIVED);
    Transaction published = channel.signed(commitment);
    List<Htlc> htlcs = commitment.spec().htlcs();
    assertEquals(
        commitment.outputs(),
        CommitmentTransaction.recognise(published, channel.params, channel.keys, htlcs));
    assertEquals(
        4,
        CommitmentTransaction.recognise(published, channel.params, channel.keys, List.of()).size());
  }

  @Test
  void equalHtlcsAreRecognisedInOrder() {
    Htlc[] htlcs =
        LongStream.of(900, 700, 800)
            .mapToObj(expiry -> Channel.htlc(HtlcSide.OFFERED, expiry, 5000, expiry))
            .toArray(Htlc[]::new);
    CommitmentTransaction commitment = channel.commitment(htlcs);
    assertEquals(
        commitment.outputs(),
        CommitmentTransaction.recognise(
            commitment.transaction(), channel.params, channel.keys, List.of(htlcs)));
  }

  private CommitmentTransaction build(Amount local, Amount remote, Htlc... htlcs) {
    var spec = new CommitmentSpec(Channel.FEERATE, local, remote, List.of(htlcs));
    return CommitmentTransaction.build(channel.params, channel.keys, spec, 0);
  }

  private CommitmentTransaction build(Amount local, Amount remote, Feerate feerate) {
    var spec = new CommitmentSpec(feerate, local, remote, List.of());
    return CommitmentTransaction.build(channel.params, channel.keys, spec, 0);
  }
}
