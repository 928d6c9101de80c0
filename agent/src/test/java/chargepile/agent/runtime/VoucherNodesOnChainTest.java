package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pile and driver as they run in earnest, on the real contract and a real file each (P2-15). */
class VoucherNodesOnChainTest {
  private static final Amount MONEY = new Amount(1_000_000_000);
  private static final PrivateKey PILE = Anvil.privateKey(1);
  private static final PrivateKey DRIVER = Anvil.privateKey(0);

  @TempDir Path directory;
  private final List<EvmRpc> clients = new ArrayList<>();
  private Anvil anvil;
  private VoucherChain chain;
  private TwoNodes nodes;
  private EvmVoucherLedger pileLedger;
  private EvmVoucherLedger driverLedger;

  @BeforeEach
  @SuppressWarnings("NullAway.Init") // the rest comes with the channel and the nodes
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    chain = VoucherChain.on(anvil);
    chain.endow(account(PILE).address(), MONEY);
    chain.endow(account(DRIVER).address(), MONEY);
    nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(VoucherNodesTest.DRIVER));
    nodes.pileMedium = () -> SqliteStore.open(directory.resolve("pile.db"));
    nodes.driverMedium = () -> SqliteStore.open(directory.resolve("driver.db"));
    nodes.pileLedger =
        () -> {
          pileLedger = ledger(PILE, nodes.pileStore);
          return new NodeLedger.Evm(pileLedger, ChainSide.settings(chain), PILE);
        };
    nodes.driverLedger =
        () -> {
          driverLedger = ledger(DRIVER, nodes.driverStore);
          return new NodeLedger.Evm(driverLedger, ChainSide.settings(chain), DRIVER);
        };
    nodes.start();
  }

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
    clients.forEach(EvmRpc::close);
    if (anvil != null) {
      anvil.close();
    }
  }

  private static EvmKey account(PrivateKey key) {
    return new EvmKey(key, TwoNodes.SIGNER);
  }

  private EvmVoucherLedger ledger(PrivateKey key, Store store) {
    EvmRpc node = anvil.rpc();
    clients.add(node);
    Finality finality = Finality.depth(2);
    EvmKey account = account(key);
    TransactionSender sender =
        new TransactionSender(
            node,
            account,
            new StoredOutbox(store, Anvil.CHAIN_ID, account.address()),
            FeePolicy.USUAL,
            finality,
            VoucherChain.reverts());
    return new EvmVoucherLedger(
        node,
        List.of(),
        chain.contract(node),
        account,
        sender,
        finality,
        new EvmVoucherLedger.Pace(Duration.ofDays(1), Duration.ofDays(2)),
        text -> {
          throw new AssertionError(text);
        });
  }

  /** A block, which both see. */
  private void mine() {
    anvil.mine(1);
    pileLedger.round();
    driverLedger.round();
    nodes.run(Duration.ofSeconds(12));
  }

  private void mineUntil(String what, BooleanSupplier done) {
    for (int i = 0; i < 60 && !done.getAsBoolean(); i++) {
      mine();
    }
    assertTrue(
        done.getAsBoolean(),
        () -> "%s does not come about: %s, %s".formatted(what, leg(), nodes.pile.failure()));
  }

  private PaymentLeg leg() {
    return nodes.pile.state().leg(new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId());
  }

  private VoucherBook book() {
    return ((VoucherLeg) leg()).channel().book().orElseThrow();
  }

  private void open() {
    mineUntil("the opening", () -> leg().life() == PaymentLeg.Life.IN_USE);
    nodes.hardware.plugIn();
  }

  private void finish() {
    nodes.runUntil(
        "the end of the trace",
        () -> nodes.hardware.traceEnded() || nodes.isEnding(),
        TwoNodes.LONG);
    nodes.run(Duration.ofSeconds(2));
    nodes.hardware.unplug();
    nodes.runUntil("the end of the session", nodes::isEnded, TwoNodes.LONG);
  }

  private long paid() {
    SessionTotals paid = leg().paid(nodes.pile.state().session().orElseThrow().id());
    return paid.imported().amount().value();
  }

  private void checkPaidInFull() {
    nodes.checkExposure();
    assertEquals(nodes.delivered() * 100, paid());
    assertEquals(paid(), chain.balance(account(PILE).address()).value() - MONEY.value());
    assertEquals(-paid(), chain.balance(account(DRIVER).address()).value() - MONEY.value());
  }

  @Test
  void aSessionIsPaidAndSettledTogether() {
    open();
    nodes.chargeUntil(100_000);
    finish();
    mineUntil(
        "the close", () -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    checkPaidInFull();
  }

  @Test
  void killedOnEitherSideAtAnyTimeItGoesOnAndSettles() {
    mine();
    nodes.killDriver();
    mine();
    nodes.killPile();
    open();
    nodes.chargeUntil(50_000);
    nodes.killPile();
    nodes.chargeUntil(100_000);
    nodes.killDriver();
    finish();
    anvil.dropAll();
    nodes.killPile();
    nodes.killDriver();
    mineUntil(
        "the close", () -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    checkPaidInFull();
  }

  @Test
  void aStaleCloseGainsNothingThoughThePileIsKilledBeforeItsAnswerIsMined() {
    open();
    nodes.chargeUntil(50_000);
    SignedVoucher stale = book().received().orElseThrow();
    nodes.chargeUntil(100_000);
    nodes.driver.close();
    ((MemoryBus) nodes.driverBus).disconnect();
    nodes.runUntil("the end of the sale", () -> nodes.isEnding() || nodes.isEnded(), TwoNodes.LONG);
    var receipt =
        anvil.carryOut(
            account(DRIVER),
            chain
                .contract(clients.getFirst())
                .requestClose("cheat", book().setup(), Optional.of(stale)));
    assertTrue(receipt.success());
    pileLedger.round();
    nodes.run(Duration.ofSeconds(12));
    anvil.dropAll();
    nodes.killPile();
    anvil.passTime(ChainSide.CHALLENGE.minusMinutes(10));
    minePile();
    anvil.passTime(ChainSide.CHALLENGE);
    for (int i = 0; i < 10 && !leg().isClosed(); i++) {
      minePile();
    }
    assertTrue(leg().isClosed(), () -> "" + leg());
    assertEquals(LegOutcome.STALE_CLOSE_ANSWERED, leg().outcome().orElseThrow());
    nodes.checkExposure();
    assertTrue(paid() > stale.voucher().cumulative().value());
    assertEquals(paid(), chain.balance(account(PILE).address()).value() - MONEY.value());
  }

  private void minePile() {
    nodes.run(Duration.ofSeconds(12));
    anvil.mine(1);
    pileLedger.round();
    nodes.run(Duration.ofSeconds(12));
  }

  private NodeBackup backup(boolean metering) {
    NodeKeys keys = new NodeKeys(TwoNodes.seed(metering ? "pile" : "driver"), TwoNodes.SIGNER);
    NodeKeys other = new NodeKeys(TwoNodes.seed(metering ? "driver" : "pile"), TwoNodes.SIGNER);
    PeerChannel channel =
        metering
            ? nodes.pile.state().channels().get(other.nodeId())
            : nodes.driver.state().channel();
    VoucherBackup made =
        new VoucherBackup(
            metering,
            keys.nodeId(),
            chain.domain().separator(),
            Instant.EPOCH,
            Optional.empty(),
            Recovery.vouchers(Map.of(other.nodeId(), channel)));
    return NodeBackup.decode(new NodeBackup.OfVouchers(made).encode());
  }

  private void restorePile(NodeBackup backup) {
    nodes.pileMedium =
        () -> {
          Store fresh = SqliteStore.open(directory.resolve("restored-pile.db"));
          if (fresh.load().session().isEmpty()) {
            Recovery.pile(fresh, backup, TwoNodes.PILE, Instant.EPOCH, ByteVector32.One);
          }
          return fresh;
        };
    nodes.killPile();
  }

  private void restoreDriver(NodeBackup backup) {
    nodes.driverMedium =
        () -> {
          Store fresh = SqliteStore.open(directory.resolve("restored-driver.db"));
          if (fresh.load().session().isEmpty()) {
            Recovery.driver(fresh, backup, Instant.EPOCH, ByteVector32.One);
          }
          return fresh;
        };
    nodes.killDriver();
  }

  private VoucherBook driverBook() {
    return ((VoucherLeg) nodes.driver.state().channel().leg()).channel().book().orElseThrow();
  }

  /** Lets blocks and the challenge period pass until the side that is asked for has its money. */
  private void settle(BooleanSupplier settled) {
    for (int i = 0; i < 12 && !settled.getAsBoolean(); i++) {
      mine();
      if (i == 5) {
        anvil.passTime(ChainSide.CHALLENGE.plusMinutes(1));
      }
    }
    assertTrue(settled.getAsBoolean(), () -> "not settled: " + leg());
    assertEquals(Optional.empty(), nodes.pile.failure());
    assertEquals(Optional.empty(), nodes.driver.failure());
  }

  private long gain(PrivateKey of) {
    return chain.balance(account(of).address()).value() - MONEY.value();
  }

  @Test
  void aPileFromAnOlderBackupIsShownTheRestByItsDriverAndPaidAllOfIt() {
    open();
    nodes.chargeUntil(50_000);
    NodeBackup older = backup(true);
    long then = book().seqOf(Party.A);
    nodes.chargeUntil(100_000);
    restorePile(older);
    nodes.run(Duration.ofSeconds(30));
    assertTrue(driverBook().own().seq() > then, "the backup is older");
    SignedVoucher best = driverBook().sent().orElseThrow();
    assertEquals(Optional.of(best), book().received(), "the driver showed it");
    assertEquals(PaymentLeg.Life.SETTLING, leg().life());
    settle(() -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    assertEquals(Optional.empty(), book().sent(), "nothing was signed");
    assertEquals(best.voucher().cumulative().value(), gain(PILE));
    assertEquals(-best.voucher().cumulative().value(), gain(DRIVER));
  }

  @Test
  void aPileFromAnOlderBackupWhoseDriverIsGoneLosesWhatCameAfterAndNoMore() {
    open();
    nodes.chargeUntil(50_000);
    NodeBackup older = backup(true);
    SignedVoucher kept = book().received().orElseThrow();
    nodes.chargeUntil(100_000);
    nodes.driver.close();
    ((MemoryBus) nodes.driverBus).disconnect();
    restorePile(older);
    mine();
    mine();
    assertEquals("DataLost", leg().title(), "it waits for the driver, who may know more");
    assertTrue(
        chain.contract(clients.getFirst()).onLedger(book().setup(), head())
            instanceof OnLedger.Open);
    var unused =
        nodes.pile.command(
            new OperatorCommand.ForceCloseChannel(
                new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId(), "it is gone"));
    nodes.run(Duration.ofSeconds(1));
    nodes.killPile();
    settle(() -> leg().isClosed());
    assertEquals(LegOutcome.UNILATERAL_CLOSE, leg().outcome().orElseThrow());
    assertEquals(kept.voucher().cumulative().value(), gain(PILE));
  }

  @Test
  void aPileFromAnOlderBackupAnswersACloseThatIsOlderStill() {
    open();
    nodes.chargeUntil(50_000);
    SignedVoucher stale = book().received().orElseThrow();
    nodes.chargeUntil(80_000);
    NodeBackup older = backup(true);
    SignedVoucher kept = book().received().orElseThrow();
    nodes.chargeUntil(100_000);
    nodes.driver.close();
    ((MemoryBus) nodes.driverBus).disconnect();
    assertTrue(
        anvil
            .carryOut(
                account(DRIVER),
                chain
                    .contract(clients.getFirst())
                    .requestClose("cheat", book().setup(), Optional.of(stale)))
            .success());
    restorePile(older);
    settle(() -> leg().isClosed());
    assertEquals(LegOutcome.STALE_CLOSE_ANSWERED, leg().outcome().orElseThrow());
    assertEquals(kept.voucher().cumulative().value(), gain(PILE));
  }

  @Test
  void aDriverFromAnOlderBackupGetsWhatAnHonestCloseLeavesIt() {
    open();
    nodes.chargeUntil(50_000);
    NodeBackup older = backup(false);
    nodes.chargeUntil(100_000);
    restoreDriver(older);
    nodes.run(Duration.ofSeconds(30));
    SignedVoucher best = book().received().orElseThrow();
    assertEquals(Optional.of(best), driverBook().sent(), "the pile showed it");
    settle(() -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    assertEquals(Optional.of(best), book().received(), "nothing was signed since");
    assertEquals(best.voucher().cumulative().value(), gain(PILE));
    assertEquals(-best.voucher().cumulative().value(), gain(DRIVER));
  }

  /** Of one channel there is the chain's word alone, and of an older one with it the backup's. */
  @Test
  void aChannelThatTheChainAloneTellsOfIsItsDriversWhoShowsAVoucher() {
    open();
    nodes.chargeUntil(50_000);
    VoucherSetup live = book().setup();
    VoucherSetup older =
        new VoucherSetup(
            live.domain(),
            live.token(),
            live.a(),
            live.b(),
            live.openNonce() ^ 1,
            live.challengePeriod(),
            Party.B,
            true);
    Deposits deposits = book().deposits();
    PublicKey nobody = TwoNodes.SIGNER.publicKey(new PrivateKey(ByteVector32.One));
    PublicKey driver = new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId();
    VoucherBackup found =
        new VoucherBackup(
            true,
            new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER).nodeId(),
            chain.domain().separator(),
            Instant.EPOCH,
            Optional.empty(),
            List.of(
                new VoucherBackup.Entry(nobody, 8, VoucherChannel.found(live, deposits)),
                new VoucherBackup.Entry(driver, 9, VoucherChannel.found(older, deposits))));
    restorePile(new NodeBackup.OfVouchers(found));
    nodes.run(Duration.ofSeconds(30));
    SignedVoucher best = driverBook().sent().orElseThrow();
    assertEquals(live, book().setup(), "it stands under its driver's node id");
    assertEquals(Optional.of(best), book().received());
    assertEquals(
        Optional.of(new ChannelId(older.id().value())),
        nodes.pile.state().channels().get(nobody).id(),
        "the other is still watched");
    nodes.killPile();
    assertEquals(live, book().setup(), "also after a restart");
    settle(() -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    assertEquals(best.voucher().cumulative().value(), gain(PILE));
  }

  private EvmBlock head() {
    return clients.getFirst().block(BlockRef.LATEST).orElseThrow();
  }
}
