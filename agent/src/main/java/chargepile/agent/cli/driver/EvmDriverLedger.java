package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.EvmLedger;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import java.util.List;

/** An EVM chain under a driver's wallet. The store itself holds the vouchers; no backup can. */
final class EvmDriverLedger implements DriverLedger {
  private final EvmLedger evm;
  private final NodeLedger.Evm ledger;
  private final Amount deposit;

  private EvmDriverLedger(EvmLedger evm, Amount deposit) {
    this.evm = evm;
    this.ledger = evm.ledger();
    this.deposit = deposit;
  }

  static EvmDriverLedger open(EvmSettings settings, Start start) throws CommandFailedException {
    EvmLedger evm = EvmLedger.open(settings, start.keys(), start.store());
    try {
      evm.check();
      return new EvmDriverLedger(evm, settings.deposit());
    } catch (CommandFailedException | RuntimeException e) {
      evm.close();
      throw e;
    }
  }

  /** What goes into a channel unless the driver says otherwise. */
  Amount deposit() {
    return deposit;
  }

  @Override
  public NodeLedger ledger() {
    return ledger;
  }

  @Override
  public Ledger certified() {
    return evm.certified();
  }

  @Override
  public Denomination money() {
    return evm.denomination();
  }

  /** It is in the store. */
  @Override
  public void changed(PeerChannel channel) {}

  @Override
  public List<String> found() {
    return List.of(
        "account %s: %s, and %s for gas"
            .formatted(
                Eip55.write(evm.account()),
                Figures.money(money(), evm.balance()),
                Figures.coins(evm.gas())));
  }

  @Override
  public void close() {
    evm.close();
  }
}
