package chargepile.agent.session;

import static chargepile.agent.session.SessionWorld.SIGNER;
import static chargepile.agent.session.SessionWorld.seed;

import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.VoucherLegs;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherContext;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherMachine;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Voucher channels on a contract in memory. */
final class EvmLedger implements TestLedger {
  private static final Domain DOMAIN = new Domain(31337, address(1));
  private static final VoucherSettings SETTINGS =
      new VoucherSettings(
          DOMAIN,
          address(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          new Amount(1000),
          Duration.ofMinutes(5));

  private final ContractInMemory contract = new ContractInMemory(SIGNER);

  private static EvmAddress address(int number) {
    byte[] bytes = new byte[20];
    bytes[19] = (byte) number;
    return new EvmAddress(new ByteVector(bytes));
  }

  private static VoucherContext context(String party, boolean metering) {
    return new VoucherContext(SIGNER, new PrivateKey(seed(party + " account")), SETTINGS, metering);
  }

  @Override
  public Legs legs(String party, boolean metering) {
    return new VoucherLegs(new VoucherMachine(context(party, metering))::on);
  }

  @Override
  public Desk desk(String party, Consumer<LegReport> reports) {
    return new Desk() {
      private Optional<VoucherSetup> watched = Optional.empty();

      @Override
      public void run(LegAction.Errand errand) {
        VoucherAction.Errand wanted = ((LegAction.OnEvm) errand).errand();
        if (wanted instanceof VoucherAction.Watch(var channel, _)) {
          watched = channel;
        } else {
          contract.send(wanted);
        }
      }

      @Override
      public void look() {
        watched.ifPresent(
            setup -> {
              ChainView view = contract.view(setup);
              reports.accept(new LegReport.OnEvm(new VoucherEvent.ChainChanged(view)));
            });
      }
    };
  }

  @Override
  public DriverPolicy.Opening opening(Satoshi capacity, Amount push) {
    return new DriverPolicy.Deposit(capacity.toAmount().minus(push));
  }

  @Override
  public LegMessage objection(ChannelId channel, String text) {
    return new LegMessage.OfVoucher(
        new VoucherMessage.VoucherShutdown(new VoucherChannelId(channel.value()), text));
  }

  @Override
  public void mine() {
    contract.mine();
  }

  @Override
  public Amount received(String party) {
    return contract.received(context(party, true).address());
  }

  @Override
  public Amount whole(Amount amount) {
    return amount;
  }

  @Override
  public void close() {}
}
