package chargepile.agent.chain.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Purse;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddedWalletTest {
  private static final ByteVector32 SEED =
      ByteVector32.fromValidHex("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  private static final Feerate FEERATE = new Feerate(2500);
  private static final Satoshi COIN = new Satoshi(1_000_000);
  private static final Satoshi HALF = new Satoshi(500_000);

  private final EmbeddedChain chain = new EmbeddedChain(() -> Instant.EPOCH, Runnable::run);
  private final EmbeddedWallet wallet = new EmbeddedWallet(chain, SEED, Signer.best());
  private final ByteVector elsewhere = Purse.pay2wsh(Purse.named("channel").afterBlocks(1));

  @Test
  void aPaymentIsAcceptedAndItsChangeComesBack() {
    deposit(COIN);

    Transaction payment = wallet.fund(elsewhere, HALF, FEERATE);
    chain.broadcast(payment);
    chain.mine(1);

    assertEquals(HALF, chain.balance(elsewhere));
    assertEquals(COIN.minus(HALF).minus(chain.fee(payment)), wallet.balance());
  }

  @Test
  void theFeeIsTheFeerateTimesTheRealWeight() {
    deposit(COIN);
    deposit(COIN);

    Transaction payment = wallet.fund(elsewhere, new Satoshi(1_500_000), FEERATE);

    assertEquals(2, payment.txIn.size());
    long atLeast = FEERATE.fee(Transaction.weight(payment)).value();
    long fee = chain.fee(payment).value();
    // Signatures may be a few bytes shorter than the longest possible, and one satoshi rounds up.
    long atMost = FEERATE.fee(Transaction.weight(payment) + 4 * payment.txIn.size()).value() + 1;
    assertTrue(fee >= atLeast && fee <= atMost, () -> fee + " of " + atLeast + " to " + atMost);
  }

  @Test
  void theLeastRelayFeerateIsRelayed() {
    deposit(COIN);

    chain.broadcast(wallet.fund(elsewhere, HALF, Feerate.MINIMUM_RELAY));

    assertEquals(HALF, chain.balance(elsewhere));
  }

  @Test
  void changeBelowDustGoesToTheMiner() {
    deposit(COIN);
    Satoshi almostAll = COIN.minus(new Satoshi(1800));

    Transaction payment = wallet.fund(elsewhere, almostAll, FEERATE);
    chain.broadcast(payment);

    assertEquals(1, payment.txOut.size());
    assertEquals(new Satoshi(1800), chain.fee(payment));
  }

  @Test
  void inputsOfAPaymentThatWasNotBroadcastAreReserved() {
    deposit(COIN);
    deposit(COIN);

    Transaction first = wallet.fund(elsewhere, HALF, FEERATE);
    Transaction second = wallet.fund(elsewhere, HALF, FEERATE);

    Set<OutPoint> inputs = new HashSet<>();
    for (Transaction payment : List.of(first, second)) {
      for (TxIn input : payment.txIn) {
        assertTrue(inputs.add(input.outPoint), "spent by both: " + input.outPoint);
      }
    }
    assertEquals(Satoshi.ZERO, wallet.balance());
    assertThrows(ChainException.class, () -> wallet.fund(elsewhere, HALF, FEERATE));
  }

  @Test
  void releasedInputsCanBeSpentAgain() {
    deposit(COIN);
    Transaction abandoned = wallet.fund(elsewhere, HALF, FEERATE);

    wallet.release(abandoned);

    assertEquals(COIN, wallet.balance());
    chain.broadcast(wallet.fund(elsewhere, HALF, FEERATE));
  }

  @Test
  void aPaymentBeyondTheMoneySaysWhatIsThereAndWhatIsNeeded() {
    deposit(COIN);

    ChainException refusal =
        assertThrows(ChainException.class, () -> wallet.fund(elsewhere, COIN, FEERATE));

    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("can spend 1000000 sat"), message);
    assertTrue(message.contains("the payment of 1000000 sat needs"), message);
    assertEquals(COIN, wallet.balance());
  }

  @Test
  void ownChangeIsSpentBeforeItConfirms() {
    deposit(COIN);
    chain.broadcast(wallet.fund(elsewhere, HALF, FEERATE));

    chain.broadcast(wallet.fund(elsewhere, new Satoshi(100_000), FEERATE));
    chain.mine(1);

    assertEquals(HALF.plus(new Satoshi(100_000)), chain.balance(elsewhere));
  }

  @Test
  void moneyOfOthersCountsOnceItConfirms() {
    Purse friend = Purse.named("friend");
    OutPoint coin = chain.fund(friend.script(), COIN);
    chain.broadcast(friend.spend(coin, COIN.value(), Purse.output(990_000, wallet.freshScript())));

    assertEquals(Satoshi.ZERO, wallet.balance());
    chain.mine(1);
    assertEquals(new Satoshi(990_000), wallet.balance());
  }

  @Test
  void immatureCoinbasesDoNotCount() {
    chain.mine(1, wallet.freshScript());

    assertEquals(Satoshi.ZERO, wallet.balance());
    chain.mine(99);
    assertEquals(new Satoshi(5_000_000_000L), wallet.balance());
  }

  @Test
  void everyFreshScriptIsAnother() {
    Set<ByteVector> scripts = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      assertTrue(scripts.add(wallet.freshScript()));
    }
  }

  @Test
  void aNewWalletOfTheSameSeedFindsTheMoneyAndReusesNoScript() {
    wallet.freshScript();
    wallet.freshScript();
    ByteVector paid = wallet.freshScript();
    chain.fund(paid, COIN);

    EmbeddedWallet restarted = new EmbeddedWallet(chain, SEED, Signer.best());

    assertNotEquals(paid, restarted.freshScript());
    assertEquals(COIN, restarted.balance());
    chain.broadcast(restarted.fund(elsewhere, HALF, FEERATE));
    assertEquals(HALF, chain.balance(elsewhere));
  }

  @Test
  void anotherSeedIsAnotherWallet() {
    EmbeddedWallet other = new EmbeddedWallet(chain, ByteVector32.One, Signer.best());
    deposit(COIN);

    assertEquals(Satoshi.ZERO, other.balance());
    assertNotEquals(wallet.freshScript(), other.freshScript());
  }

  @Test
  void aReorganisationTakesMoneyBackUntilItIsMinedAgain() {
    deposit(COIN);

    chain.reorganise(1);
    assertEquals(Satoshi.ZERO, wallet.balance());
    chain.mine(1);
    assertEquals(COIN, wallet.balance());
  }

  private void deposit(Satoshi amount) {
    chain.fund(wallet.freshScript(), amount);
  }
}
