package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.voucher.SignedVoucher;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions that are paid and settled on the real contract, whoever is killed (P2-15). */
class VoucherNodesOnChainTest extends NodesOnChain {
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
