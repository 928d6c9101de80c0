package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.FeePolicy;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
}
