package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.esplora.Bip84Keys.Branch;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wallet of the own seed, on a real node behind an Esplora server. */
class EsploraWalletTest {
  private static final Feerate FEERATE = new Feerate(6250);
  private static final ByteVector CHANNEL = Purse.pay2wsh(Purse.named("bob").afterBlocks(5));

  private static RegtestNode node;
  private static RegtestEsplora esplora;
  private static int wallets;

  private ByteVector seed;
  private EsploraWallet wallet;
  private EsploraChain chain;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
    esplora = new RegtestEsplora(node);
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      esplora.close();
      node.close();
    }
  }

  @BeforeEach
  void open() {
    seed = Purse.named("pile " + wallets++).key().value;
    wallet = openWallet();
    chain = new EsploraChain(new Server(esplora.url()), Network.REGTEST, FeerateBounds.DEFAULT);
  }

  @AfterEach
  void close() {
    wallet.close();
    chain.close();
  }

  private EsploraWallet openWallet() {
    return new EsploraWallet(new Server(esplora.url()), Network.REGTEST, seed, Signer.best());
  }

  private ByteVector script(Branch branch, int index) {
    return new Bip84Keys(seed, Network.REGTEST, Signer.best()).script(branch, index);
  }

  private static void pay(ByteVector script, long amount) {
    node.fund(script, new Satoshi(amount));
  }

  private static long sum(Transaction transaction) {
    return transaction.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
  }

  @Test
  void itPaysTheAmountAtTheFeerateAndIsNotBroadcast() {
    pay(wallet.freshScript(), 1_000_000);

    Transaction funding = wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE);

    assertEquals(CHANNEL, funding.txOut.getFirst().publicKeyScript);
    assertEquals(300_000, funding.txOut.getFirst().amount.toLong());
    assertEquals(script(Branch.CHANGE, 0), funding.txOut.get(1).publicKeyScript);
    long fee = 1_000_000 - sum(funding);
    long due = FEERATE.fee(Transaction.weight(funding)).value();
    assertTrue(fee >= due && fee <= due + 20, () -> fee + " sat paid, " + due + " due");
    OutPoint output = new OutPoint(funding, 0);
    assertTrue(chain.view(Set.of(output), Set.of()).outputs().isEmpty());
    chain.broadcast(funding);
    node.mine(1);
    assertEquals(
        funding.txOut.getFirst(), chain.view(Set.of(output), Set.of()).outputs().get(output));
  }

  @Test
  void itsInputsMayBeReplaced() {
    pay(wallet.freshScript(), 1_000_000);

    Transaction funding = wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE);

    assertEquals(0xffff_fffdL, funding.txIn.getFirst().sequence);
  }

  @Test
  void severalCoinsTogetherPayWhatNoneCan() {
    pay(wallet.freshScript(), 300_000);
    pay(wallet.freshScript(), 300_000);
    pay(wallet.freshScript(), 300_000);

    Transaction funding = wallet.fund(CHANNEL, new Satoshi(700_000), FEERATE);

    assertEquals(3, funding.txIn.size());
    chain.broadcast(funding);
  }

  @Test
  void changeThatWouldBeDustGoesToTheMiner() {
    pay(wallet.freshScript(), 100_000);
    long nearlyAll = 100_000 - FEERATE.fee(600).value();

    Transaction funding = wallet.fund(CHANNEL, new Satoshi(nearlyAll), FEERATE);

    assertEquals(1, funding.txOut.size());
    chain.broadcast(funding);
  }

  @Test
  void ownChangeIsSpentBeforeItIsMinedAndAStrangersPaymentIsNot() {
    pay(wallet.freshScript(), 1_000_000);
    Transaction first = wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE);
    chain.broadcast(first);
    Transaction second = wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE);
    chain.broadcast(second);
    Purse stranger = Purse.named("stranger");
    OutPoint coin = node.fund(stranger.script(), new Satoshi(500_000));
    ByteVector own = wallet.freshScript();
    pay(own, 10_000);
    long before = wallet.balance().value();
    chain.broadcast(stranger.spend(coin, 500_000, Purse.output(490_000, own)));

    assertEquals(first.txid, second.txIn.getFirst().outPoint.txid);
    assertEquals(before, wallet.balance().value());
    node.mine(1);
    assertEquals(before + 490_000, wallet.balance().value());
  }

  @Test
  void whatIsReservedIsNotSpentAgainUntilItIsGivenBack() {
    pay(wallet.freshScript(), 500_000);
    pay(wallet.freshScript(), 500_000);
    Transaction first = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    assertEquals(new Satoshi(500_000), wallet.balance());
    Transaction second = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);

    assertNotEquals(first.txIn.getFirst().outPoint, second.txIn.getFirst().outPoint);
    assertEquals(Satoshi.ZERO, wallet.balance());
    assertThrows(ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE));
    wallet.release(first);
    assertEquals(new Satoshi(500_000), wallet.balance());
  }

  @Test
  void withoutEnoughMoneyItSaysWhatThereIs() {
    pay(wallet.freshScript(), 50_000);

    ChainException poor =
        assertThrows(
            ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE));

    assertTrue(String.valueOf(poor.getMessage()).contains("50000 sat"), poor::toString);
  }

  @Test
  void freshScriptsAreThoseOfTheAccountInTheirOrder() {
    assertEquals(script(Branch.RECEIVING, 0), wallet.freshScript());
    assertEquals(script(Branch.RECEIVING, 1), wallet.freshScript());
  }

  @Test
  void aNewStartGoesOnBehindWhatTheChainHasSeenAndFindsTheMoney() {
    List<ByteVector> out = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      out.add(wallet.freshScript());
    }
    pay(out.get(3), 700_000);
    Transaction funding = wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE);
    chain.broadcast(funding);
    node.mine(1);

    try (EsploraWallet restarted = openWallet()) {
      assertEquals(wallet.balance(), restarted.balance());
      assertEquals(script(Branch.RECEIVING, 4), restarted.freshScript());
      assertEquals(
          script(Branch.CHANGE, 1),
          restarted.fund(CHANNEL, new Satoshi(300_000), FEERATE).txOut.get(1).publicKeyScript);
    }
  }

  @Test
  void moneyAtTheEndOfTheGapIsFound() {
    ByteVector last = wallet.freshScript();
    for (int i = 1; i < Addresses.GAP; i++) {
      last = wallet.freshScript();
    }
    assertEquals(last, wallet.freshScript());
    pay(last, 700_000);

    try (EsploraWallet restarted = openWallet()) {
      assertEquals(new Satoshi(700_000), restarted.balance());
    }
  }

  @Test
  void moneyAtAnAddressThatWasUsedUpLongAgoIsFoundWhenItIsNeeded() {
    ByteVector old = wallet.freshScript();
    pay(old, 300_000);
    chain.broadcast(wallet.fund(CHANNEL, new Satoshi(296_000), FEERATE));
    node.mine(1);
    for (int i = 0; i <= Addresses.GAP; i++) {
      pay(script(Branch.RECEIVING, i + 1), 1_000);
    }
    wallet.balance();
    pay(old, 600_000);

    assertEquals(1, wallet.fund(CHANNEL, new Satoshi(500_000), FEERATE).txIn.size());
  }

  @Test
  void anImmatureCoinbaseIsNotSpent() {
    node.mineTo(wallet.freshScript());

    assertEquals(Satoshi.ZERO, wallet.balance());
    node.mine(99);
    assertTrue(wallet.balance().compareTo(Satoshi.ZERO) > 0);
  }
}
