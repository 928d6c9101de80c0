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
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payouts;
import chargepile.agent.voucher.SignedVoucher;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Voucher channels on a contract in memory: one block every 12 seconds, each of them final. */
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

  private final Map<VoucherChannelId, OnLedger> channels = new HashMap<>();
  private final Map<EvmAddress, Amount> balances = new HashMap<>();
  private final List<VoucherAction.Errand> pending = new ArrayList<>();
  private long time = 1_700_000_000;

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
        if (wanted instanceof VoucherAction.Watch(var channel)) {
          watched = channel;
        } else {
          pending.add(wanted);
        }
      }

      @Override
      public void look() {
        watched.ifPresent(
            setup -> {
              OnLedger now = now(setup);
              ChainView view = new ChainView(time, now, now);
              reports.accept(new LegReport.OnEvm(new VoucherEvent.ChainChanged(view)));
            });
      }
    };
  }

  private OnLedger now(VoucherSetup setup) {
    return channels.getOrDefault(setup.id(), new OnLedger.Missing());
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
    time += 12;
    List<VoucherAction.Errand> block = List.copyOf(pending);
    pending.clear();
    block.forEach(this::execute);
  }

  /** What comes too late, or twice, is refused by the contract and changes nothing. */
  private void execute(VoucherAction.Errand errand) {
    switch (errand) {
      case VoucherAction.Watch _ -> {}
      case VoucherAction.OpenOnChain(var setup, Amount deposit) -> {
        if (now(setup) instanceof OnLedger.Missing) {
          put(
              setup,
              new OnLedger.Open(new Deposits(deposit, Amount.ZERO), setup.challengePeriod()));
        }
      }
      case VoucherAction.RaiseDeposit(var setup, Amount total) -> {
        if (now(setup) instanceof OnLedger.Open(var in, var period)) {
          Deposits raised =
              setup.own() == Party.A ? new Deposits(total, in.b()) : new Deposits(in.a(), total);
          put(setup, new OnLedger.Open(raised, period));
        }
      }
      case VoucherAction.CloseTogether(var setup, var both) -> {
        boolean signed =
            DOMAIN.isSigned(SIGNER, both.close(), both.a(), setup.a())
                && DOMAIN.isSigned(SIGNER, both.close(), both.b(), setup.b());
        if (signed && time <= both.close().deadline() && isUnsettled(setup)) {
          settle(setup, true, new Payouts(both.close().payoutA(), both.close().payoutB()));
        }
      }
      case VoucherAction.RequestClose(var setup, var best) -> {
        if (now(setup) instanceof OnLedger.Open(var in, var period)) {
          put(
              setup,
              new OnLedger.Closing(
                  in,
                  paid(setup, Party.A, best),
                  paid(setup, Party.B, best),
                  time + period.toSeconds()));
        }
      }
      case VoucherAction.Challenge(var setup, var best) -> {
        if (now(setup) instanceof OnLedger.Closing c && time < c.settleAfter()) {
          put(
              setup,
              new OnLedger.Closing(
                  c.deposits(),
                  larger(c.paidByA(), paid(setup, Party.A, Optional.of(best))),
                  larger(c.paidByB(), paid(setup, Party.B, Optional.of(best))),
                  c.settleAfter()));
        }
      }
      case VoucherAction.Settle(var setup) -> {
        if (now(setup) instanceof OnLedger.Closing c && time >= c.settleAfter()) {
          settle(setup, false, Payouts.of(c.deposits(), c.paidByA(), c.paidByB()));
        }
      }
      case VoucherAction.Claim _ -> {} // whom it pays is paid at once
      case VoucherAction.AbandonOpening _ -> {} // none is under way here for long
    }
  }

  private boolean isUnsettled(VoucherSetup setup) {
    return now(setup) instanceof OnLedger.Open || now(setup) instanceof OnLedger.Closing;
  }

  private static Amount paid(VoucherSetup setup, Party payer, Optional<SignedVoucher> shown) {
    return shown
        .filter(best -> best.voucher().payer().equals(setup.address(payer)))
        .filter(
            best -> DOMAIN.isSigned(SIGNER, best.voucher(), best.signature(), setup.address(payer)))
        .map(best -> best.voucher().cumulative())
        .orElse(Amount.ZERO);
  }

  private static Amount larger(Amount one, Amount other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void settle(VoucherSetup setup, boolean together, Payouts payouts) {
    balances.merge(setup.a(), payouts.a(), Amount::plus);
    balances.merge(setup.b(), payouts.b(), Amount::plus);
    put(setup, new OnLedger.Settled(together, payouts, new Payouts(Amount.ZERO, Amount.ZERO)));
  }

  private void put(VoucherSetup setup, OnLedger next) {
    channels.put(setup.id(), next);
  }

  @Override
  public Amount received(String party) {
    return balances.getOrDefault(context(party, true).address(), Amount.ZERO);
  }

  @Override
  public Amount whole(Amount amount) {
    return amount;
  }

  @Override
  public void close() {}
}
