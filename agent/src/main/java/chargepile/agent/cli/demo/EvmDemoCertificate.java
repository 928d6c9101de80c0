package chargepile.agent.cli.demo;

import chargepile.agent.cli.market.chain.Part;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.PrivateAnvil;
import chargepile.agent.evm.market.SettlementEntry;
import chargepile.agent.evm.market.SettlementLogContract;
import chargepile.agent.identity.ChainSettlement;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The settlement certificate of the demo's session, brought onto the chain (P1-33). */
final class EvmDemoCertificate {
  private static final Duration PRESENTABLE = Duration.ofDays(365);

  private final EvmDemoMarket market;
  private final EvmDemoChain chain;
  private final DemoWorld world;
  private final SettlementLogContract log;

  EvmDemoCertificate(EvmDemoMarket market, EvmDemoChain chain, DemoWorld world) {
    this.market = market;
    this.chain = chain;
    this.world = world;
    this.log = new SettlementLogContract(chain.node(), market.contracts().of(Part.SETTLEMENTS));
  }

  /**
   * Presents it, signed by the pile, and by the driver who is there.
   *
   * @param cycle of the order's match
   * @param registerEnd the pile's meter after the session
   * @return what the log says of it when the time to contest it is over
   */
  SettlementEntry.Status present(
      OrderKey order, long cycle, ReceiptRow receipt, MilliWattHours registerEnd, boolean both)
      throws DemoFailedException, InterruptedException {
    ChainSettlement settlement =
        new ChainSettlement(terms(order, cycle, receipt, registerEnd), log.address());
    EvmReceipt unused =
        market
            .pile()
            .done(
                log.present(
                    settlement,
                    Optional.of(settlement.sign(world.signer, world.pile.keys().accountKey())),
                    both
                        ? Optional.of(
                            settlement.sign(world.signer, world.driver.keys().accountKey()))
                        : Optional.empty()));
    if (!both) {
      chain.pass(log.window().plusSeconds(1));
    }
    return log.entry(
            order.value(),
            EvmDemoCentre.name(Role.PILE),
            EvmDemoCentre.name(Role.USER),
            BlockRef.LATEST)
        .status();
  }

  private SettlementCertificate terms(
      OrderKey order, long cycle, ReceiptRow receipt, MilliWattHours registerEnd) {
    MilliWattHours sold = new MilliWattHours(receipt.imported().energyMwh());
    SettlementCertificate.Side side =
        new SettlementCertificate.Side(
            sold,
            new Amount(receipt.tariff().importMsatPerKwh()),
            new Amount(receipt.imported().msat()));
    MilliWattHours delivered =
        receipt.metered().map(it -> new MilliWattHours(it.importMwh())).orElse(sold);
    Instant now =
        chain.node().block(BlockRef.LATEST).orElseThrow().time().truncatedTo(ChronoUnit.SECONDS);
    return new SettlementCertificate(
        new Ledger.Evm(PrivateAnvil.CHAIN_ID, market.channels().domain().contract().value()),
        receipt.channel(),
        receipt.session(),
        Optional.of(cycle),
        Optional.of(order.value()),
        EvmDemoCentre.name(Role.PILE),
        EvmDemoCentre.name(Role.USER),
        side,
        side,
        registerEnd.minus(delivered),
        registerEnd,
        new ByteVector32(Crypto.sha256(receipt.meterRecord())),
        receipt.commitmentNumber(),
        now,
        now.plus(PRESENTABLE));
  }
}
