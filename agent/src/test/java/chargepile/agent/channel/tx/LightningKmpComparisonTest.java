package chargepile.agent.channel.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Byte for byte against ACINQ's implementation. */
class LightningKmpComparisonTest {
  private static final int CASES = 1200;
  private static final Signer SIGNER = Signer.best();

  /**
   * One commitment and its keys.
   *
   * @param comparableFee whether lightning-kmp trims the same HTLCs: it adds the fee of HTLC
   *     transactions to the dust limit, which zero-fee HTLC transactions don't
   */
  private record Case(
      CommitmentParams params,
      Basepoints owner,
      Basepoints other,
      CommitmentKeys keys,
      CommitmentSpec spec,
      long number,
      boolean comparableFee) {}

  @Test
  void agreesOnGeneratedCommitments() {
    long seed = seed();
    Random random = new Random(seed);
    int withHtlcs = 0;
    int fullyCompared = 0;
    for (int i = 0; i < CASES; i++) {
      Case commitment = draw(random);
      String what = "case " + i + " of seed " + seed + ": " + commitment.spec();
      if (commitment.comparableFee()) {
        compare(what, commitment, commitment.spec());
        fullyCompared++;
      }
      compare(what, commitment, feePaid(commitment));
      withHtlcs += commitment.spec().htlcs().isEmpty() ? 0 : 1;
    }
    assertTrue(withHtlcs > CASES / 2, "HTLCs in " + withHtlcs);
    assertTrue(fullyCompared >= 1000, "fees compared in " + fullyCompared);
  }

  @Test
  void agreesOnCooperativeCloses() {
    long seed = seed();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Case drawn = draw(random);
      CommitmentParams params = drawn.params();
      Satoshi fee = new Satoshi(random.nextLong(300));
      long lower = Math.min(random.nextLong(400, 4000), params.capacity().value());
      long local = random.nextBoolean() ? lower : params.capacity().value() - lower;
      long remote = params.capacity().value() - local;
      ByteVector localScript = new ByteVector("0014" + "0a".repeat(20));
      ByteVector remoteScript = new ByteVector("0020" + bytes32(random).toHex());
      var spec =
          new CommitmentSpec(
              new Feerate(253),
              new Satoshi(local).toAmount(),
              new Satoshi(remote).toAmount(),
              List.of());
      var ours =
          ClosingTransaction.build(
              params.fundingOutPoint(),
              params.capacity(),
              params.ownerFunding(),
              params.otherFunding(),
              new Satoshi(local),
              localScript,
              new Satoshi(remote),
              remoteScript,
              params.ownerIsFunder(),
              fee,
              params.ownerDustLimit());
      var oracle = new LightningKmpOracle(params, drawn.keys(), drawn.owner(), drawn.other());
      assertEquals(
          hex(oracle.closing(spec, localScript, remoteScript, fee)),
          hex(ours.transaction()),
          "close " + i + " of seed " + seed);
    }
  }

  private static long seed() {
    long seed = Long.getLong("chargepile.seed", new Random().nextLong());
    System.out.println(
        "LightningKmpComparisonTest: seed " + seed + "; replay with -Dchargepile.seed=" + seed);
    return seed;
  }

  private static void compare(String what, Case drawn, CommitmentSpec forOracle) {
    CommitmentTransaction ours =
        CommitmentTransaction.build(drawn.params(), drawn.keys(), drawn.spec(), drawn.number());
    var oracle = new LightningKmpOracle(drawn.params(), drawn.keys(), drawn.owner(), drawn.other());
    LightningKmpOracle.Result theirs = oracle.commitment(forOracle, drawn.number());
    assertEquals(hex(theirs.commitment()), hex(ours.transaction()), what);
    assertEquals(
        theirs.htlcs().stream().map(LightningKmpComparisonTest::hex).toList(),
        ours.htlcTransactions().stream().map(htlc -> hex(htlc.transaction())).toList(),
        what);
  }

  /**
   * The same balances with our fee already paid and a feerate of 0: then lightning-kmp trims at the
   * dust limit alone, as zero-fee HTLC transactions want.
   */
  private static CommitmentSpec feePaid(Case drawn) {
    CommitmentSpec spec = drawn.spec();
    Amount fee = CommitmentTransaction.fee(spec, drawn.params().ownerDustLimit()).toAmount();
    boolean local = drawn.params().ownerIsFunder();
    return new CommitmentSpec(
        new Feerate(0),
        local ? spec.toLocal().minusOrZero(fee) : spec.toLocal(),
        local ? spec.toRemote() : spec.toRemote().minusOrZero(fee),
        spec.htlcs());
  }

  private static Case draw(Random random) {
    Basepoints owner = keys(random).basepoints(SIGNER);
    Basepoints other = keys(random).basepoints(SIGNER);
    boolean ownerIsFunder = random.nextBoolean();
    Satoshi capacity = new Satoshi(random.nextLong(100_000, 20_000_000));
    Satoshi dust = new Satoshi(random.nextLong(354, 3000));
    long factor =
        ownerIsFunder
            ? CommitmentParams.obscuringFactor(owner.payment(), other.payment())
            : CommitmentParams.obscuringFactor(other.payment(), owner.payment());
    var params =
        new CommitmentParams(
            new OutPoint(new TxId(bytes32(random)), random.nextInt(0, 1000)),
            capacity,
            owner.funding(),
            other.funding(),
            dust,
            random.nextBoolean() ? random.nextInt(1, 20) : random.nextInt(1, 65536),
            ownerIsFunder,
            factor);
    var point = keys(random).perCommitmentPoint(random.nextInt(100), SIGNER);
    CommitmentKeys keys = CommitmentKeys.of(owner, other, point, SIGNER);
    Feerate feerate = new Feerate(random.nextLong(253, random.nextBoolean() ? 1000 : 10_000));
    long timeoutFee = feerate.fee(666).value();
    long successFee = feerate.fee(706).value();
    // One commitment in eight has HTLCs of amounts that lightning-kmp trims and we do not.
    boolean comparableFee = random.nextInt(8) > 0;
    List<Htlc> htlcs = new ArrayList<>();
    long left = capacity.toAmount().value() - 60_000_000;
    for (int id = 0; id < random.nextInt(0, 11); id++) {
      Htlc htlc = htlc(random, id, dust, comparableFee ? successFee : 0, timeoutFee);
      if (htlc.amount().value() < left) {
        htlcs.add(htlc);
        left -= htlc.amount().value();
      }
    }
    long rest = left + 60_000_000;
    long local = random.nextInt(10) == 0 ? random.nextLong(0, 3_000_000) : random.nextLong(rest);
    Amount toLocal = new Amount(Math.min(local, rest));
    Amount toRemote = new Amount(rest - toLocal.value());
    boolean flip = random.nextBoolean();
    var spec =
        new CommitmentSpec(feerate, flip ? toRemote : toLocal, flip ? toLocal : toRemote, htlcs);
    long number = random.nextBoolean() ? random.nextInt(1000) : random.nextLong(1L << 48);
    return new Case(params, owner, other, keys, spec, number, comparableFee);
  }

  /** Some alike, so that the order of equal outputs is tried. */
  private static Htlc htlc(Random random, int id, Satoshi dust, long gap, long timeoutFee) {
    long satoshi =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong(dust.value());
          case 1 -> dust.value() + gap + timeoutFee;
          default -> dust.value() + gap + random.nextLong(20_000);
        };
    return new Htlc(
        random.nextBoolean() ? HtlcSide.OFFERED : HtlcSide.RECEIVED,
        id,
        // lightning-kmp orders equal outputs by expiry only when their millisatoshi are equal too;
        // BOLT 3 orders them whenever the outputs are.
        new Amount(satoshi * 1000 + satoshi % 1000),
        new ByteVector32(("0" + random.nextInt(3)).repeat(32)),
        random.nextBoolean() ? random.nextLong(20) : random.nextLong(500_000_000));
  }

  private static ChannelKeys keys(Random random) {
    return ChannelKeys.derive(bytes32(random), 0);
  }

  private static ByteVector32 bytes32(Random random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new ByteVector32(bytes);
  }

  private static String hex(Transaction transaction) {
    return new ByteVector(Transaction.write(transaction)).toHex();
  }
}
