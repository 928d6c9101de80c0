package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.ContractInMemory;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pile and driver as they run in earnest, paid with vouchers (P2-15). */
class VoucherNodesTest {
  private static final VoucherSettings SETTINGS =
      new VoucherSettings(
          new Domain(31337, address(1)),
          address(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          new Amount(1000),
          Duration.ofMinutes(5));
  static final DriverPolicy DRIVER =
      new DriverPolicy(
          TwoNodes.DRIVER.highestPrice(),
          TwoNodes.DRIVER.highestMinutePrice(),
          TwoNodes.DRIVER.lowestPrice(),
          TwoNodes.DRIVER.largestIncrement(),
          TwoNodes.DRIVER.directions(),
          TwoNodes.DRIVER.limits(),
          TwoNodes.DRIVER.tolerance(),
          Optional.of(new DriverPolicy.Deposit(new Amount(100_000_000))),
          TwoNodes.DRIVER.closeTimeout(),
          TwoNodes.DRIVER.pileTimeout());

  private final ContractInMemory contract = new ContractInMemory(TwoNodes.SIGNER);

  private static EvmAddress address(int number) {
    byte[] bytes = new byte[20];
    bytes[19] = (byte) number;
    return new EvmAddress(new ByteVector(bytes));
  }

  private static PrivateKey account(String party) {
    return new PrivateKey(TwoNodes.seed(party + " account"));
  }

  @Test
  void aSessionIsPaidIncrementByIncrementAndSettledTogether() {
    try (TwoNodes nodes = open()) {
      nodes.chargeUntil(100_000);
      finish(nodes);
      checkPaidInFull(nodes);
    }
  }

  @Test
  void killedOnEitherSideItGoesOnFromWhatWasStored() {
    try (TwoNodes nodes = open()) {
      nodes.chargeUntil(50_000);
      nodes.killPile();
      nodes.chargeUntil(100_000);
      nodes.killDriver();
      nodes.chargeUntil(150_000);
      finish(nodes);
      checkPaidInFull(nodes);
    }
  }

  @Test
  void aStoreIsUsedForOneContractAlone() {
    try (TwoNodes nodes = open()) {
      nodes.pile.close();
      nodes.pileStore.close();
      NodeLedger.Evm before = (NodeLedger.Evm) nodes.pileLedger.get();
      VoucherSettings other =
          new VoucherSettings(
              new Domain(1, address(1)),
              SETTINGS.token(),
              SETTINGS.challengePeriod(),
              SETTINGS.shortest(),
              SETTINGS.longest(),
              SETTINGS.leastDeposit(),
              SETTINGS.closingTime());
      nodes.pileLedger = () -> new NodeLedger.Evm(before.ledger(), other, before.account());
      assertThrows(StoreException.class, nodes::startPile);
      nodes.pileLedger = () -> before;
      nodes.startPile();
    }
  }

  private TwoNodes open() {
    TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(DRIVER));
    nodes.pileLedger = () -> new NodeLedger.Evm(new Ledger(), SETTINGS, account("pile"));
    nodes.driverLedger = () -> new NodeLedger.Evm(new Ledger(), SETTINGS, account("driver"));
    nodes.start();
    for (int i = 0; i < 40 && leg(nodes).life() != PaymentLeg.Life.IN_USE; i++) {
      nodes.run(Duration.ofSeconds(12));
      contract.mine();
    }
    assertEquals(PaymentLeg.Life.IN_USE, leg(nodes).life());
    nodes.hardware.plugIn();
    return nodes;
  }

  private void finish(TwoNodes nodes) {
    nodes.runUntil(
        "the end of the trace",
        () -> nodes.hardware.traceEnded() || nodes.isEnding(),
        TwoNodes.LONG);
    nodes.run(Duration.ofSeconds(2));
    nodes.hardware.unplug();
    nodes.runUntil("the end of the session", nodes::isEnded, TwoNodes.LONG);
    for (int i = 0; i < 80 && !isSettled(nodes); i++) {
      nodes.run(Duration.ofSeconds(12));
      contract.mine();
    }
    assertTrue(isSettled(nodes), () -> "the channel is " + leg(nodes).title());
  }

  private static boolean isSettled(TwoNodes nodes) {
    return leg(nodes).isClosed() && nodes.driver.state().channel().leg().isClosed();
  }

  private static PaymentLeg leg(TwoNodes nodes) {
    return nodes.pile.state().leg(new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId());
  }

  private void checkPaidInFull(TwoNodes nodes) {
    nodes.checkExposure();
    SessionTotals paid = leg(nodes).paid(nodes.pile.state().session().orElseThrow().id());
    assertEquals(nodes.delivered(), paid.imported().energy().value());
    assertEquals(nodes.delivered() * 100, paid.imported().amount().value());
    assertEquals(
        paid.imported().amount(),
        contract.received(EvmSignature.address(TwoNodes.SIGNER.publicKey(account("pile")))));
  }

  private final class Ledger implements VoucherLedger {
    @Override
    public ChainView view(VoucherSetup channel) {
      return contract.view(channel);
    }

    @Override
    public Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand) {
      contract.send(errand);
      return Optional.empty();
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      return () -> {};
    }
  }
}
