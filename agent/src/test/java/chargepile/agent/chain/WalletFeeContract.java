package chargepile.agent.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.ChainView;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What any wallet must do for transactions that can't pay their own fee. */
public abstract class WalletFeeContract {
  private static final Feerate FEERATE = new Feerate(5000);
  private static final Feerate HIGHER = new Feerate(7500);
  private static final long COIN = 1_000_000;
  private static final long ANCHOR = 330;

  /** What the parent pays itself, little above the minimum relay fee. */
  private static final long PARENT_FEE = 200;

  private static final int WITNESS = 108;

  private final Purse alice = Purse.named("alice");
  private DrivenChain chain;
  private Wallet wallet;
  private Transaction parent;

  protected abstract DrivenChain open();

  @BeforeEach
  void fund() {
    chain = open();
    wallet = chain.wallet("pile");
    parent = parent();
  }

  /** Not broadcast; output 0 stands for the anchor. */
  private Transaction parent() {
    OutPoint funding = chain.fund(alice.script(), new Satoshi(COIN));
    return alice.spend(
        funding, COIN, alice.output(ANCHOR), alice.output(COIN - ANCHOR - PARENT_FEE));
  }

  @AfterEach
  void close() {
    chain.close();
  }

  @Test
  void aChildPaysForItsParentThatNoNodeHasSeen() {
    OutPoint money = deposit(100_000);

    Transaction answer = wallet.addFee(child(FEERATE, Optional.empty()));

    assertEquals(new OutPoint(parent, 0), answer.txIn.getFirst().outPoint);
    assertEquals(money, answer.txIn.get(1).outPoint);
    assertEquals(2, answer.txIn.size());
    assertEquals(1, answer.txOut.size());
    Transaction child = signed(answer);
    assertEquals(answer.txid, child.txid);
    assertPays(child(FEERATE, Optional.empty()), child, 100_000 + ANCHOR);
    chain.broadcast(List.of(parent, child));
    chain.mine(1);
    assertEquals(
        Set.of(parent.txid, child.txid),
        chain.view(Set.of(), Set.of(parent.txid, child.txid)).mined().keySet());
    assertEquals(
        new Satoshi(child.txOut.getFirst().amount.toLong()), wallet.balance(), "the change");
  }

  @Test
  void onlyTheWalletsInputsAreSignedAndAllSignalReplacement() {
    deposit(100_000);

    Transaction answer = wallet.addFee(child(FEERATE, Optional.empty()));

    assertTrue(answer.txIn.getFirst().witness.isNull());
    assertFalse(answer.txIn.get(1).witness.isNull());
    ByteVector signature = answer.txIn.get(1).witness.stack.getFirst();
    assertEquals(1, signature.get(signature.size() - 1), "SIGHASH_ALL");
    assertTrue(answer.txIn.get(1).sequence <= 0xffff_fffdL);
  }

  @Test
  void inputsAndOutputsOfTheTemplateStayFirst() {
    deposit(100_000);
    chain.broadcast(parent);
    chain.mine(1);
    TxOut claimed = Purse.named("carol").output(COIN - ANCHOR - PARENT_FEE);
    FeeRequest claim = claim(claimed, FEERATE);

    Transaction answer = wallet.addFee(claim);

    assertEquals(claim.template().txIn, answer.txIn.subList(0, 1));
    assertEquals(claimed, answer.txOut.getFirst());
    assertEquals(2, answer.txOut.size());
    Transaction transaction = alice.sign(answer, COIN - ANCHOR - PARENT_FEE);
    assertPays(claim, transaction, COIN - ANCHOR - PARENT_FEE + 100_000);
    chain.broadcast(transaction);
  }

  @Test
  void changeThatWereDustGoesToTheMiner() {
    chain.broadcast(parent);
    chain.mine(1);
    TxOut claimed = alice.output(COIN - ANCHOR - PARENT_FEE);
    long money = FEERATE.fee(4 * 200).value();
    deposit(money);

    Transaction answer = wallet.addFee(claim(claimed, FEERATE));

    assertEquals(List.of(claimed), answer.txOut);
    chain.broadcast(alice.sign(answer, COIN - ANCHOR - PARENT_FEE));
  }

  @Test
  void whatTheTemplateBringsPaysToo() {
    chain.broadcast(parent);
    chain.mine(1);
    TxOut claimed = alice.output(COIN - ANCHOR - PARENT_FEE - 50_000);

    Transaction answer = wallet.addFee(claim(claimed, FEERATE));

    assertEquals(1, answer.txIn.size());
    assertEquals(2, answer.txOut.size());
    Transaction transaction = alice.sign(answer, COIN - ANCHOR - PARENT_FEE);
    assertPays(claim(claimed, FEERATE), transaction, COIN - ANCHOR - PARENT_FEE);
    chain.broadcast(transaction);
  }

  @Test
  void coinsAreReservedUntilTheyAreGivenBack() {
    deposit(100_000);
    deposit(100_000);
    FeeRequest request = child(FEERATE, Optional.empty());

    Transaction first = wallet.addFee(request);
    assertEquals(new Satoshi(100_000), wallet.balance());
    Transaction second = wallet.addFee(request);

    assertNotEquals(first.txIn.get(1).outPoint, second.txIn.get(1).outPoint);
    assertEquals(Satoshi.ZERO, wallet.balance());
    assertThrows(ChainException.class, () -> wallet.addFee(request));
    wallet.release(first);
    assertEquals(new Satoshi(100_000), wallet.balance());
    assertEquals(first.txIn.get(1).outPoint, wallet.addFee(request).txIn.get(1).outPoint);
  }

  @Test
  void withoutEnoughMoneyItSaysWhatIsMissingAndReservesNothing() {
    deposit(2000);

    ChainException poor =
        assertThrows(ChainException.class, () -> wallet.addFee(child(FEERATE, Optional.empty())));

    String message = String.valueOf(poor.getMessage());
    assertTrue(
        message.matches("the wallet lacks \\d+ sat for a fee of \\d+ sat: 1 confirmed .*"),
        message);
    assertEquals(new Satoshi(2000), wallet.balance());
  }

  @Test
  void unconfirmedMoneyIsNotUsed() {
    deposit(100_000);
    chain.broadcast(wallet.fund(alice.script(), new Satoshi(50_000), FEERATE));

    assertThrows(ChainException.class, () -> wallet.addFee(child(FEERATE, Optional.empty())));
    chain.mine(1);
    wallet.addFee(child(FEERATE, Optional.empty()));
  }

  @Test
  void aReplacementSpendsTheSameCoinsAndPaysTheHigherFeerate() {
    deposit(100_000);
    Transaction first = signed(wallet.addFee(child(FEERATE, Optional.empty())));
    chain.broadcast(List.of(parent, first));

    Transaction answer = wallet.addFee(child(HIGHER, Optional.of(first)));

    assertEquals(outPoints(first), outPoints(answer));
    assertEquals(
        first.txOut.getLast().publicKeyScript, answer.txOut.getLast().publicKeyScript, "change");
    Transaction second = signed(answer);
    assertPays(child(HIGHER, Optional.empty()), second, 100_000 + ANCHOR);
    chain.broadcast(List.of(parent, second));
    assertEquals(second.txid, spenderOfAnchor());
  }

  @Test
  void aReplacementAtTheSameFeeratePaysForItsRelay() {
    deposit(100_000);
    Transaction first = signed(wallet.addFee(child(FEERATE, Optional.empty())));
    chain.broadcast(List.of(parent, first));

    for (int i = 0; i < 3; i++) {
      Transaction next = signed(wallet.addFee(child(FEERATE, Optional.of(first))));
      chain.broadcast(List.of(parent, next));
      assertEquals(next.txid, spenderOfAnchor());
      first = next;
    }
  }

  @Test
  void aReplacementAddsCoinsWhenTheFirstDoNotSuffice() {
    deposit(10_000);
    OutPoint more = deposit(200_000);
    Transaction first = signed(wallet.addFee(child(FEERATE, Optional.empty())));
    assertFalse(outPoints(first).contains(more), "the smaller coin does");
    chain.broadcast(List.of(parent, first));

    Transaction second = signed(wallet.addFee(child(new Feerate(25_000), Optional.of(first))));

    assertTrue(outPoints(second).containsAll(outPoints(first)));
    assertTrue(outPoints(second).contains(more));
    chain.broadcast(List.of(parent, second));
    assertEquals(second.txid, spenderOfAnchor());
  }

  @Test
  void whatAReplacementTookOverIsGivenBackWithItAlone() {
    deposit(100_000);
    Transaction first = wallet.addFee(child(FEERATE, Optional.empty()));
    Transaction second = wallet.addFee(child(HIGHER, Optional.of(first)));

    wallet.release(first);
    assertEquals(Satoshi.ZERO, wallet.balance());
    wallet.release(second);
    assertEquals(new Satoshi(100_000), wallet.balance());
  }

  @Test
  void severalSmallCoinsPayTogether() {
    for (int i = 0; i < 4; i++) {
      deposit(3500);
    }

    Transaction child = signed(wallet.addFee(child(FEERATE, Optional.empty())));

    assertTrue(child.txIn.size() > 2, child::toString);
    assertPays(child(FEERATE, Optional.empty()), child, 3500L * (child.txIn.size() - 1) + ANCHOR);
    chain.broadcast(List.of(parent, child));
  }

  private FeeRequest child(Feerate feerate, Optional<Transaction> replaces) {
    return new FeeRequest(
        new Transaction(
            2, List.of(new TxIn(new OutPoint(parent, 0), Purse.NO_DELAY)), List.of(), 0),
        List.of(parent.txOut.getFirst()),
        WITNESS,
        Optional.of(new FeeRequest.Parent(Transaction.weight(parent), new Satoshi(PARENT_FEE))),
        feerate,
        replaces);
  }

  /** Of the parent's other output. */
  private FeeRequest claim(TxOut claimed, Feerate feerate) {
    return new FeeRequest(
        Purse.unsigned(new OutPoint(parent, 1), Purse.NO_DELAY, 0, claimed),
        List.of(parent.txOut.get(1)),
        WITNESS,
        Optional.empty(),
        feerate,
        Optional.empty());
  }

  private Transaction signed(Transaction answer) {
    return alice.sign(answer, ANCHOR);
  }

  private OutPoint deposit(long amount) {
    return chain.fund(wallet.freshScript(), new Satoshi(amount));
  }

  private Object spenderOfAnchor() {
    OutPoint anchor = new OutPoint(parent, 0);
    ChainView.Spend spend = chain.view(Set.of(anchor), Set.of()).spends().get(anchor);
    return spend == null ? "nothing" : spend.transaction().txid;
  }

  private static List<OutPoint> outPoints(Transaction transaction) {
    return transaction.txIn.stream().map(input -> input.outPoint).toList();
  }

  /** Never less than what is asked, and no more than a few bytes of signatures make. */
  private static void assertPays(FeeRequest request, Transaction transaction, long in) {
    long fee = in - transaction.txOut.stream().mapToLong(out -> out.amount.toLong()).sum();
    int weight = Transaction.weight(transaction);
    long least = request.fee(weight).value();
    long most = request.fee(weight + 4 * transaction.txIn.size()).value() + 1;
    assertTrue(fee >= least && fee <= most, () -> fee + " of " + least + " to " + most);
  }
}
