package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BitcoindWalletTest {
  /** High enough that the node does not take the occasion to gather small coins. */
  private static final Feerate FEERATE = new Feerate(6250);

  private static final ByteVector CHANNEL = Purse.pay2wsh(Purse.named("bob").afterBlocks(5));

  private static RegtestNode node;
  private static int wallets;

  private BitcoindWallet wallet;
  private BitcoindChain chain;
  private String name;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void open() {
    name = "pile " + wallets++;
    node.createWallet(name);
    wallet = new BitcoindWallet(node.endpoint(), name, ReservedCoins.UNKEPT);
    chain =
        new BitcoindChain(
            node.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, Optional.empty());
  }

  @AfterEach
  void close() {
    wallet.close();
    chain.close();
    node.unloadWallet(name);
  }

  @Test
  void itPaysTheAmountAtTheFeerateAndIsNotBroadcast() {
    node.fund(wallet.freshScript(), new Satoshi(1_000_000));

    Transaction funding = wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE);

    assertEquals(CHANNEL, funding.txOut.getFirst().publicKeyScript);
    assertEquals(300_000, funding.txOut.getFirst().amount.toLong());
    assertEquals(2, funding.txOut.size());
    assertTrue(Script.isPay2wpkh(funding.txOut.get(1).publicKeyScript.toByteArray()));
    long fee = 1_000_000 - funding.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
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
  void whatIsReservedIsNotSpentAgainUntilItIsGivenBack() {
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    Transaction first = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    assertEquals(new Satoshi(500_000), wallet.balance());
    Transaction second = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);

    assertNotEquals(first.txIn.getFirst().outPoint, second.txIn.getFirst().outPoint);
    assertEquals(Satoshi.ZERO, wallet.balance());
    assertThrows(ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE));
    wallet.release(first);
    assertEquals(new Satoshi(500_000), wallet.balance());
    wallet.release(first);
    Transaction third = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    assertEquals(first.txIn.getFirst().outPoint, third.txIn.getFirst().outPoint);
  }

  @Test
  void whatAKilledRunReservedIsFreeForTheNextUnlessItIsStillToBeBroadcast() {
    for (int i = 0; i < 3; i++) {
      node.fund(wallet.freshScript(), new Satoshi(500_000));
    }
    Kept kept = new Kept();
    Transaction unsent;
    try (BitcoindWallet killed = new BitcoindWallet(node.endpoint(), name, kept)) {
      unsent = killed.fund(CHANNEL, new Satoshi(400_000), FEERATE);
      killed.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    }
    wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE); // another program's
    assertEquals(Satoshi.ZERO, wallet.balance());

    try (BitcoindWallet next = new BitcoindWallet(node.endpoint(), name, kept)) {
      next.resume(List.of(unsent));

      assertEquals(new Satoshi(500_000), next.balance());
      assertEquals(Set.of(unsent.txIn.getFirst().outPoint), kept.coins);
      next.release(unsent);
      assertEquals(new Satoshi(1_000_000), next.balance());
      assertEquals(Set.of(), kept.coins);
    }
  }

  @Test
  void whatIsStillToBeBroadcastIsReservedAgainAtANodeThatHasForgottenIt() {
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    Kept kept = new Kept();
    Transaction unsent;
    try (BitcoindWallet killed = new BitcoindWallet(node.endpoint(), name, kept)) {
      unsent = killed.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    }
    node.unloadWallet(name);
    node.loadWallet(name); // the node's memory of what is reserved ends with this, too
    assertEquals(new Satoshi(500_000), wallet.balance());

    try (BitcoindWallet next = new BitcoindWallet(node.endpoint(), name, kept)) {
      next.resume(List.of(unsent));

      assertEquals(Satoshi.ZERO, next.balance());
      assertEquals(Set.of(unsent.txIn.getFirst().outPoint), kept.coins);
    }
  }

  @Test
  void anothersReservationStaysTheOthers() {
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    Transaction others = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    Kept kept = new Kept();

    try (BitcoindWallet next = new BitcoindWallet(node.endpoint(), name, kept)) {
      next.resume(List.of(others));
    }

    assertEquals(Set.of(), kept.coins);
  }

  @Test
  void aCoinIsWrittenDownBeforeItIsReserved() {
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    Kept full = new Kept();
    full.full = true;
    try (BitcoindWallet next = new BitcoindWallet(node.endpoint(), name, full)) {
      assertThrows(ChainException.class, () -> next.fund(CHANNEL, new Satoshi(400_000), FEERATE));

      assertEquals(new Satoshi(500_000), wallet.balance());
      full.full = false;
      next.fund(CHANNEL, new Satoshi(400_000), FEERATE);
      assertEquals(Satoshi.ZERO, wallet.balance());
    }
  }

  @Test
  void whatIsWrittenDownButNotReservedIsNoError() {
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    Kept kept = new Kept();
    Transaction spent = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    kept.coins = Set.of(spent.txIn.getFirst().outPoint, new OutPoint(spent, 7));
    chain.broadcast(spent);
    node.mine(1);

    try (BitcoindWallet next = new BitcoindWallet(node.endpoint(), name, kept)) {
      next.resume(List.of());
    }
    assertEquals(Set.of(), kept.coins);
  }

  private static final class Kept implements ReservedCoins {
    private Set<OutPoint> coins = Set.of();
    private boolean full;

    @Override
    public Set<OutPoint> load() {
      return coins;
    }

    @Override
    public void save(Set<OutPoint> now) {
      if (full) {
        throw new ChainException("no space left");
      }
      coins = Set.copyOf(now);
    }
  }

  @Test
  void givingBackWhatIsSpentIsNoError() {
    node.fund(wallet.freshScript(), new Satoshi(500_000));
    Transaction funding = wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE);
    chain.broadcast(funding);
    node.mine(1);

    wallet.release(funding);
  }

  @Test
  void withoutEnoughMoneyItSaysWhatThereIs() {
    node.fund(wallet.freshScript(), new Satoshi(50_000));

    ChainException poor =
        assertThrows(
            ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE));

    assertEquals(
        "the wallet of the Bitcoin node at "
            + node.endpoint().url()
            + " can spend 50000 sat now, less than the payment of 400000 sat and its fee",
        poor.getMessage());
  }

  @Test
  void freshScriptsAreSegwitAndDiffer() {
    ByteVector one = wallet.freshScript();

    assertTrue(Script.isPay2wpkh(one.toByteArray()));
    assertNotEquals(one, wallet.freshScript());
  }

  @Test
  void coinsWhoseSpendsCouldChangeTheirIdAreRefusedAndGivenBack() {
    BitcoindRpc rpc = new BitcoindRpc(node.endpoint(), "/wallet/" + name.replace(" ", "%20"));
    String old = rpc.ask("getnewaddress", "", "legacy").text();
    node.fund(
        new ByteVector(rpc.ask("getaddressinfo", old).at("scriptPubKey").text()),
        new Satoshi(500_000));

    ChainException refusal =
        assertThrows(
            ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(400_000), FEERATE));

    assertTrue(String.valueOf(refusal.getMessage()).contains("bech32"), refusal::toString);
    assertEquals(new Satoshi(500_000), wallet.balance());
    rpc.close();
  }

  @Test
  void anUnknownWalletIsNamed() {
    try (BitcoindWallet unknown =
        new BitcoindWallet(node.endpoint(), "nowhere", ReservedCoins.UNKEPT)) {
      ChainException failure = assertThrows(ChainException.class, unknown::balance);

      assertEquals(
          "the Bitcoin node at "
              + node.endpoint().url()
              + " has no wallet at /wallet/nowhere: create it with 'bitcoin-cli createwallet', or"
              + " load it with 'bitcoin-cli loadwallet'",
          failure.getMessage());
    }
  }
}
