package chargepile.agent.cli.doctor;

import chargepile.agent.config.ChainSettings;
import chargepile.agent.config.LedgerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The checks of a pile, in the order in which they are told. */
final class Checks {
  private Checks() {}

  /**
   * @param listen how long to listen to the meter; zero for not at all
   */
  static List<Check> of(Subject subject, Duration listen) {
    List<Check> checks = new ArrayList<>();
    checks.add(new ClockCheck(subject));
    checks.add(new DiskCheck(subject));
    checks.add(new MediumCheck(subject));
    checks.add(new StoreCheck(subject));
    checks.add(new SeedCheck(subject));
    checks.add(new BackupCheck(subject));
    checks.add(new IdentityCheck(subject));
    checks.add(new CertificateCheck(subject));
    checks.add(new BrokerCheck(subject));
    switch (subject.config().ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> checks.addAll(on(bitcoin, subject));
      case LedgerSettings.Evm evm -> checks.addAll(on(evm, subject));
    }
    checks.add(new OutageCheck(subject));
    checks.add(new GpioCheck(subject));
    checks.add(new MeterCheck(subject, listen));
    return checks;
  }

  private static List<Check> on(LedgerSettings.Bitcoin bitcoin, Subject subject) {
    List<Check> checks = new ArrayList<>();
    if (bitcoin.chain().backend() == ChainSettings.Backend.ESPLORA) {
      checks.add(new EsploraCheck(subject));
    } else {
      checks.add(new NodeCheck(subject));
      if (bitcoin.chain().second().isPresent()) {
        checks.add(new SecondNodeCheck(subject));
      }
      checks.add(new WalletCheck(subject));
    }
    checks.add(new ReserveCheck(subject));
    return checks;
  }

  private static List<Check> on(LedgerSettings.Evm evm, Subject subject) {
    List<Check> checks = new ArrayList<>();
    checks.add(new EvmNodeCheck(subject, evm.evm()));
    checks.add(new ContractsCheck(evm.evm()));
    evm.market().ifPresent(market -> checks.add(new MarketCheck(evm, market)));
    checks.add(new AccountCheck(subject, evm.evm()));
    return checks;
  }
}
