package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Nodes that lost their store, restored from a backup that is older than the last payments, on the
 * real contract (P2-15, P2-18).
 */
class RestoredNodesOnChainTest extends NodesOnChain {
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
        Objects.requireNonNull(nodes.pile.state().channels().get(nobody)).id(),
        "the other is still watched");
    nodes.killPile();
    assertEquals(live, book().setup(), "also after a restart");
    settle(() -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    assertEquals(best.voucher().cumulative().value(), gain(PILE));
  }

  private void restoreFound() {
    PublicKey nobody = TwoNodes.SIGNER.publicKey(new PrivateKey(ByteVector32.One));
    VoucherChannel found = VoucherChannel.found(book().setup(), book().deposits());
    restorePile(
        new NodeBackup.OfVouchers(
            new VoucherBackup(
                true,
                new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER).nodeId(),
                chain.domain().separator(),
                Instant.EPOCH,
                Optional.empty(),
                List.of(new VoucherBackup.Entry(nobody, 8, found)))));
  }

  /** The pile's disk died, and its driver closes before the pile is there again. */
  @Test
  void aChannelThatClosesAndThatTheChainAloneTellsOfIsPaidOnceItsDriverComes() {
    open();
    nodes.chargeUntil(50_000);
    SignedVoucher best = book().received().orElseThrow();
    ((MemoryBus) nodes.driverBus).disconnect();
    assertTrue(
        anvil
            .carryOut(
                account(DRIVER),
                chain
                    .contract(clients.getFirst())
                    .requestClose("gone", book().setup(), Optional.empty()))
            .success());
    restoreFound();
    mine();
    mine();
    mine();
    nodes.killPile();
    ((MemoryBus) nodes.driverBus).reconnect();
    nodes.run(Duration.ofSeconds(30));
    assertEquals(Optional.of(best), book().received(), "it stands under its driver's node id");
    settle(() -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    assertEquals(best.voucher().cumulative().value(), gain(PILE));
  }

  @Test
  void aFoundChannelThatTheOperatorClosesIsPaidOnceItsDriverComes() {
    open();
    nodes.chargeUntil(50_000);
    SignedVoucher best = book().received().orElseThrow();
    ((MemoryBus) nodes.driverBus).disconnect();
    restoreFound();
    mine();
    PublicKey nobody = TwoNodes.SIGNER.publicKey(new PrivateKey(ByteVector32.One));
    var unused = nodes.pile.command(new OperatorCommand.ForceCloseChannel(nobody, "test"));
    nodes.run(Duration.ofSeconds(1));
    nodes.killPile();
    mine();
    mine();
    mine();
    ((MemoryBus) nodes.driverBus).reconnect();
    nodes.run(Duration.ofSeconds(30));
    assertEquals(Optional.of(best), book().received(), "it stands under its driver's node id");
    settle(() -> leg().isClosed() && nodes.driver.state().channel().leg().isClosed());
    assertEquals(best.voucher().cumulative().value(), gain(PILE));
  }

  private EvmBlock head() {
    return clients.getFirst().block(BlockRef.LATEST).orElseThrow();
  }
}
