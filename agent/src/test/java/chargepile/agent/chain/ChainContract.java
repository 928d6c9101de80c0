package chargepile.agent.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OP_RETURN;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What any chain must do, be it in the process or a node: accept, refuse, report. */
public abstract class ChainContract {
  protected static final long COIN = 1_000_000;
  protected static final long FEE = 1_000;

  protected final Purse alice = Purse.named("alice");
  protected final Purse bob = Purse.named("bob");

  /** The chain of this test, with some blocks and an empty mempool. */
  protected abstract Chain chain();

  /** Mines blocks with what waits in the mempool. */
  protected abstract void mine(int blocks);

  /** Mines a block with exactly these transactions. */
  protected abstract void mineWith(List<Transaction> transactions);

  /** Mines a block whose coinbase pays to {@code script}; gives the coinbase. */
  protected abstract Transaction mineTo(ByteVector script);

  /** A confirmed output. */
  protected abstract OutPoint fund(ByteVector script, Satoshi amount);

  /** Replaces the last blocks by a longer branch with exactly these transactions. */
  protected abstract void reorganise(int depth, List<List<Transaction>> branch);

  // Accepting and reporting

  @Test
  void aSpendIsSeenInTheMempoolAndThenInItsBlock() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));

    chain().broadcast(spend);

    assertEquals(Optional.empty(), spendOf(coin).minedAt());
    assertEquals(0, view(coin, spend).depth(spend.txid));
    mine(3);
    ChainView view = view(coin, spend);
    assertEquals(spend.txid, spendOf(coin).transaction().txid);
    assertEquals(3, spendOf(coin).depthAt(view.tip()));
    assertEquals(3, view.depth(spend.txid));
  }

  @Test
  void whatIsUnknownOrUnspentIsNotInTheView() {
    OutPoint coin = fundAlice();

    ChainView view =
        chain()
            .view(
                Set.of(coin, new OutPoint(new TxId(ByteVector32.One), 0)),
                Set.of(new TxId(ByteVector32.One)));

    assertEquals(Set.of(coin), view.outputs().keySet());
    assertTrue(view.outputs().values().stream().allMatch(output -> output.amount.toLong() == COIN));
    assertTrue(view.spends().isEmpty());
    assertTrue(view.mined().isEmpty());
  }

  @Test
  void broadcastingAgainIsNoError() {
    Transaction spend = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));

    chain().broadcast(spend);
    chain().broadcast(spend);
    mine(1);
    chain().broadcast(spend);

    assertEquals(1, view(spend.txIn.getFirst().outPoint, spend).depth(spend.txid));
  }

  @Test
  void aChildOfAnUnconfirmedParentIsAcceptedAndMinedWithIt() {
    Transaction parent = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    Transaction child =
        bob.spend(new OutPoint(parent, 0), COIN - FEE, alice.output(COIN - 2 * FEE));

    chain().broadcast(parent);
    chain().broadcast(child);
    mine(1);

    ChainView view = chain().view(Set.of(), Set.of(parent.txid, child.txid));
    assertEquals(view.tip(), view.mined().get(parent.txid));
    assertEquals(view.tip(), view.mined().get(child.txid));
  }

  @Test
  void listenersHearOfTransactionsAndBlocks() throws Exception {
    Transaction spend = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    assertTrue(heard(() -> chain().broadcast(spend)));
    assertTrue(heard(() -> mine(1)));
  }

  private boolean heard(Runnable change) throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    try (AutoCloseable registration = chain().onChange(called::countDown)) {
      change.run();
      return called.await(30, TimeUnit.SECONDS);
    }
  }

  // Refusing

  @Test
  void aBadSignatureIsRefused() {
    OutPoint coin = fundAlice();
    Transaction forged = bob.spend(coin, COIN, bob.output(COIN - FEE));
    Transaction changed =
        alice
            .spend(coin, COIN, bob.output(COIN - FEE))
            .updateOutputs(List.of(bob.output(COIN - FEE - 1)));

    assertRefused("script-verify-flag-failed", forged);
    assertRefused("script-verify-flag-failed", changed);
    assertRefused(
        "script-verify-flag-failed",
        Purse.unsigned(coin, Purse.NO_DELAY, 0, bob.output(COIN - FEE)));
  }

  @Test
  void aSignatureWithHighSIsRefusedForRelayButNotInABlock() {
    Transaction spend = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    List<ByteVector> witness = spend.txIn.getFirst().witness.stack;
    Transaction high =
        spend.updateWitness(
            0, new ScriptWitness(List.of(withHighS(witness.get(0)), witness.get(1))));

    assertRefused("script-verify-flag", high);
    mineWith(List.of(high));

    assertEquals(1, view(spend.txIn.getFirst().outPoint, high).depth(high.txid));
  }

  @Test
  void aRelativeLocktimeIsRefusedOneBlockTooEarlyAndAcceptedThen() {
    int delay = 5;
    ByteVector script = alice.afterBlocks(delay);
    OutPoint coin = fund(Purse.pay2wsh(script), new Satoshi(COIN));
    Transaction spend =
        alice.sign(Purse.unsigned(coin, delay, 0, bob.output(COIN - FEE)), COIN, script);

    // The next block is the second of the delay: the coin's own block counts as one.
    mine(delay - 2);
    assertRefused("non-BIP68-final", spend);
    mine(1);
    chain().broadcast(spend);
    mine(1);

    assertEquals(1, spendOf(coin).depthAt(tip()));
  }

  @Test
  void aSequenceBelowWhatTheScriptAsksIsRefused() {
    ByteVector script = alice.afterBlocks(5);
    OutPoint coin = fund(Purse.pay2wsh(script), new Satoshi(COIN));
    mine(10);

    assertRefused(
        "script-verify-flag-failed",
        alice.sign(Purse.unsigned(coin, 4, 0, bob.output(COIN - FEE)), COIN, script));
  }

  @Test
  void aRelativeLocktimeOnAnUnconfirmedParentIsRefused() {
    ByteVector script = alice.afterBlocks(1);
    Transaction parent =
        alice.spend(fundAlice(), COIN, Purse.output(COIN - FEE, Purse.pay2wsh(script)));
    Transaction child =
        alice.sign(
            Purse.unsigned(new OutPoint(parent, 0), 1, 0, bob.output(COIN - 2 * FEE)),
            COIN - FEE,
            script);
    chain().broadcast(parent);

    assertRefused("non-BIP68-final", child);
    mine(1);
    chain().broadcast(child);
  }

  @Test
  void anAbsoluteLocktimeIsRefusedUntilItsBlockIsThere() {
    OutPoint coin = fundAlice();
    int height = tip().value() + 3;
    Transaction spend =
        alice.sign(Purse.unsigned(coin, Purse.NO_DELAY, height, bob.output(COIN - FEE)), COIN);

    mine(2);
    assertRefused("non-final", spend);
    mine(1);
    chain().broadcast(spend);
  }

  @Test
  void aLocktimeInTheFutureIsRefused() {
    long year2100 = 4_102_444_800L;
    Transaction spend =
        alice.sign(
            Purse.unsigned(fundAlice(), Purse.NO_DELAY, year2100, bob.output(COIN - FEE)), COIN);

    assertRefused("non-final", spend);
  }

  @Test
  void aLocktimeBelowWhatTheScriptAsksIsRefused() {
    int height = tip().value() + 1;
    ByteVector script = alice.afterLockTime(height);
    OutPoint coin = fund(Purse.pay2wsh(script), new Satoshi(COIN));
    mine(1);

    Transaction early =
        alice.sign(
            Purse.unsigned(coin, Purse.NO_DELAY, height - 1, bob.output(COIN - FEE)), COIN, script);
    assertRefused("script-verify-flag-failed", early);
    chain()
        .broadcast(
            alice.sign(
                Purse.unsigned(coin, Purse.NO_DELAY, height, bob.output(COIN - FEE)),
                COIN,
                script));
  }

  @Test
  void aDoubleSpendOfAMinedSpendIsRefused() {
    OutPoint coin = fundAlice();
    mineWith(List.of(alice.spend(coin, COIN, bob.output(COIN - FEE))));

    assertRefused(
        "bad-txns-inputs-missingorspent", alice.spend(coin, COIN, alice.output(COIN - 100 * FEE)));
  }

  @Test
  void aDoubleSpendInTheMempoolThatPaysNoMoreIsRefused() {
    OutPoint coin = fundAlice();
    chain().broadcast(alice.spend(coin, COIN, bob.output(COIN - FEE)));

    assertRefused("insufficient fee", alice.spend(coin, COIN, alice.output(COIN - FEE)));
    assertRefused("insufficient fee", alice.spend(coin, COIN, alice.output(COIN - FEE - 10)));
  }

  @Test
  void aMissingInputIsRefused() {
    OutPoint nowhere = new OutPoint(new TxId(ByteVector32.One), 0);

    assertRefused(
        "bad-txns-inputs-missingorspent", alice.spend(nowhere, COIN, bob.output(COIN - FEE)));
  }

  @Test
  void anOutputThatItsTransactionDoesNotHaveIsAMissingInput() {
    Transaction parent = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    chain().broadcast(parent);

    assertRefused(
        "bad-txns-inputs-missingorspent",
        bob.spend(new OutPoint(parent, 1), COIN - FEE, alice.output(COIN - 2 * FEE)));
  }

  @Test
  void aFeeBelowOneSatoshiAByteIsRefused() {
    OutPoint coin = fundAlice();
    assertRefused(
        "min relay fee not met",
        alice.spend(coin, COIN, bob.script(), weight -> (weight + 3) / 4 - 10));
    chain().broadcast(alice.spend(coin, COIN, bob.script(), weight -> (weight + 3) / 4));
  }

  @Test
  void dustIsRefusedAtTheLimitOfEachScript() {
    ByteVector wsh = Purse.pay2wsh(alice.afterBlocks(1));
    ByteVector pkh = new ByteVector(Script.write(Script.pay2pkh(alice.point())));
    ByteVector taproot = new ByteVector("5120").plus(alice.point().xOnly().value);

    assertDustLimit(294, alice.script());
    assertDustLimit(330, wsh);
    assertDustLimit(330, taproot);
    assertDustLimit(546, pkh);
  }

  private void assertDustLimit(long limit, ByteVector script) {
    OutPoint coin = fundAlice();
    assertRefused(
        "dust",
        alice.spend(coin, COIN, Purse.output(limit - 1, script), bob.output(COIN - FEE - limit)));
    chain()
        .broadcast(
            alice.spend(coin, COIN, Purse.output(limit, script), bob.output(COIN - FEE - limit)));
  }

  @Test
  void anOutputOfDataMayBeEmptyButThereMayBeOnlyOne() {
    OutPoint coin = fundAlice();
    TxOut data = Purse.output(0, new ByteVector("6a0401020304"));
    assertEquals(OP_RETURN.INSTANCE, Script.parse(data.publicKeyScript).getFirst());

    chain().broadcast(alice.spend(coin, COIN, data, bob.output(COIN - FEE)));
  }

  @Test
  void aScriptOfNoStandardKindIsRefused() {
    assertRefused(
        "scriptpubkey",
        alice.spend(fundAlice(), COIN, Purse.output(COIN - FEE, new ByteVector("51"))));
  }

  @Test
  void anImmatureCoinbaseIsRefusedUntilItIsHundredBlocksDeep() {
    Transaction coinbase = mineTo(alice.script());
    long reward = coinbase.txOut.getFirst().amount.toLong();
    Transaction spend = alice.spend(new OutPoint(coinbase, 0), reward, bob.output(reward - FEE));

    mine(98);
    assertRefused("bad-txns-premature-spend-of-coinbase", spend);
    mine(1);
    chain().broadcast(spend);
  }

  @Test
  void spendingMoreThanTheInputsIsRefused() {
    assertRefused("bad-txns-in-belowout", alice.spend(fundAlice(), COIN, bob.output(COIN + 1)));
  }

  @Test
  void aTransactionWithoutOutputsIsRefused() {
    assertRefused("bad-txns-vout-empty", alice.spend(fundAlice(), COIN));
  }

  @Test
  void spendingAnOutputTwiceInOneTransactionIsRefused() {
    OutPoint coin = fundAlice();
    TxIn input = new TxIn(coin, Purse.NO_DELAY);

    assertRefused(
        "bad-txns-inputs-duplicate",
        new Transaction(2, List.of(input, input), List.of(bob.output(COIN)), 0));
  }

  @Test
  void anUnknownVersionIsRefused() {
    OutPoint coin = fundAlice();
    Transaction unsigned =
        new Transaction(
            4, List.of(new TxIn(coin, Purse.NO_DELAY)), List.of(bob.output(COIN - FEE)), 0);

    assertRefused("version", alice.sign(unsigned, COIN));
  }

  @Test
  void aLooseCoinbaseIsRefused() {
    assertRefused("coinbase", mineTo(alice.script()).updateOutputs(List.of(alice.output(COIN))));
  }

  @Test
  void aChainOfMoreThanTwentyFiveUnconfirmedTransactionsIsRefused() {
    Transaction last = alice.spend(fundAlice(), COIN, alice.output(COIN - FEE));
    chain().broadcast(last);
    for (int i = 1; i < 25; i++) {
      last = childOf(last);
      chain().broadcast(last);
    }

    assertRefused("too-long-mempool-chain", childOf(last));
  }

  private Transaction childOf(Transaction parent) {
    long amount = parent.txOut.getFirst().amount.toLong();
    return alice.spend(new OutPoint(parent, 0), amount, alice.output(amount - FEE));
  }

  // Replacing

  @Test
  void aDoubleSpendThatPaysMoreReplacesTheFirstAndItsChildren() {
    OutPoint coin = fundAlice();
    Transaction first = alice.spend(coin, COIN, bob.output(COIN - FEE));
    Transaction child = bob.spend(new OutPoint(first, 0), COIN - FEE, alice.output(COIN - 2 * FEE));
    Transaction second = alice.spend(coin, COIN, alice.output(COIN - 10 * FEE));
    chain().broadcast(first);
    chain().broadcast(child);

    chain().broadcast(second);

    assertEquals(second.txid, spendOf(coin).transaction().txid);
    assertTrue(view(new OutPoint(first, 0), child).spends().isEmpty());
    mine(1);
    assertEquals(Set.of(second.txid), minedOf(first, child, second));
  }

  @Test
  void aReplacementMustPayForAllItEvicts() {
    OutPoint coin = fundAlice();
    Transaction first = alice.spend(coin, COIN, bob.output(COIN - FEE));
    Transaction child =
        bob.spend(new OutPoint(first, 0), COIN - FEE, alice.output(COIN - 20 * FEE));
    chain().broadcast(first);
    chain().broadcast(child);

    assertRefused("insufficient fee", alice.spend(coin, COIN, alice.output(COIN - 10 * FEE)));
  }

  // Blocks and reorganisations

  @Test
  void aBlockDecidesBetweenDoubleSpends() {
    OutPoint coin = fundAlice();
    Transaction waiting = alice.spend(coin, COIN, bob.output(COIN - 10 * FEE));
    Transaction mined = alice.spend(coin, COIN, alice.output(COIN - FEE));
    chain().broadcast(waiting);

    mineWith(List.of(mined));

    assertEquals(mined.txid, spendOf(coin).transaction().txid);
    assertRefused("bad-txns-inputs-missingorspent", waiting);
  }

  @Test
  void aReorganisationReturnsATransactionToTheMempool() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain().broadcast(spend);
    mine(2);
    int before = tip().value();

    reorganise(2, List.of(List.of(), List.of(), List.of()));

    assertEquals(before + 1, tip().value());
    assertEquals(Optional.empty(), spendOf(coin).minedAt());
    assertEquals(0, view(coin, spend).depth(spend.txid));
    mine(1);
    assertEquals(1, view(coin, spend).depth(spend.txid));
  }

  @Test
  void aReorganisationCanPutAnotherSpendInItsPlace() {
    OutPoint coin = fundAlice();
    Transaction first = alice.spend(coin, COIN, bob.output(COIN - FEE));
    Transaction child = bob.spend(new OutPoint(first, 0), COIN - FEE, alice.output(COIN - 2 * FEE));
    Transaction other = alice.spend(coin, COIN, alice.output(COIN - FEE));
    chain().broadcast(first);
    mine(1);
    chain().broadcast(child);
    mine(1);

    reorganise(2, List.of(List.of(other), List.of(), List.of()));

    assertEquals(other.txid, spendOf(coin).transaction().txid);
    assertEquals(3, spendOf(coin).depthAt(tip()));
    assertEquals(Set.of(other.txid), minedOf(first, child, other));
    assertTrue(view(new OutPoint(first, 0), child).spends().isEmpty());
  }

  @Test
  void aReorganisationCanMoveATransactionToAnotherHeight() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain().broadcast(spend);
    mine(1);
    BlockHeight first = tip();

    reorganise(1, List.of(List.of(), List.of(spend)));

    assertEquals(Optional.of(first.plus(1)), spendOf(coin).minedAt());
  }

  @Test
  void aReorganisationCanMakeARelativeLocktimeUnripeAgain() {
    ByteVector script = alice.afterBlocks(3);
    Transaction parent =
        alice.spend(fundAlice(), COIN, Purse.output(COIN - FEE, Purse.pay2wsh(script)));
    mineWith(List.of(parent));
    Transaction child =
        alice.sign(
            Purse.unsigned(new OutPoint(parent, 0), 3, 0, bob.output(COIN - 2 * FEE)),
            COIN - FEE,
            script);
    mine(2);
    chain().broadcast(child);

    reorganise(3, List.of(List.of(), List.of(), List.of(), List.of(parent)));

    assertTrue(view(new OutPoint(parent, 0), child).spends().isEmpty());
    assertRefused("non-BIP68-final", child);
  }

  // What the tests are written in

  protected OutPoint fundAlice() {
    return fund(alice.script(), new Satoshi(COIN));
  }

  protected ChainView view(OutPoint output, Transaction transaction) {
    return chain().view(Set.of(output), Set.of(transaction.txid));
  }

  protected ChainView.Spend spendOf(OutPoint output) {
    ChainView.Spend spend = chain().view(Set.of(output), Set.of()).spends().get(output);
    if (spend == null) {
      throw new AssertionError(output + " is not spent");
    }
    return spend;
  }

  protected BlockHeight tip() {
    return chain().view(Set.of(), Set.of()).tip();
  }

  protected void assertRefused(String word, Transaction transaction) {
    RejectedException refusal =
        assertThrows(RejectedException.class, () -> chain().broadcast(transaction));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains(word),
        () -> "refused for another reason: " + refusal.getMessage());
  }

  private Set<TxId> minedOf(Transaction... transactions) {
    return chain()
        .view(
            Set.of(),
            Set.copyOf(Arrays.stream(transactions).map(transaction -> transaction.txid).toList()))
        .mined()
        .keySet();
  }

  /** The other signature that the curve equation allows: n - s. */
  private static ByteVector withHighS(ByteVector signature) {
    BigInteger order =
        new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    byte[] der = signature.toByteArray();
    int sizeOfR = der[3];
    byte[] r = Arrays.copyOfRange(der, 4, 4 + sizeOfR);
    byte[] s = Arrays.copyOfRange(der, 6 + sizeOfR, der.length - 1);
    byte[] high = order.subtract(new BigInteger(1, s)).toByteArray();
    return new ByteVector(
            new byte[] {0x30, (byte) (4 + r.length + high.length), 2, (byte) r.length})
        .concat(r)
        .concat(new byte[] {2, (byte) high.length})
        .concat(high)
        .concat((byte) 1);
  }
}
