package chargepile.agent.session;

import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payouts;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherSetup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The voucher channel's contract in memory: one block every 12 seconds, each of them final. */
public final class ContractInMemory {
  private final Signer signer;
  private final Map<VoucherChannelId, OnLedger> channels = new HashMap<>();
  private final Map<EvmAddress, Amount> balances = new HashMap<>();
  private final List<VoucherAction.Errand> pending = new ArrayList<>();
  private long time = 1_700_000_000;

  public ContractInMemory(Signer signer) {
    this.signer = signer;
  }

  /** Sends a transaction, unless its equal is on its way. */
  public synchronized void send(VoucherAction.Errand errand) {
    if (!pending.contains(errand)) {
      pending.add(errand);
    }
  }

  /** Adds a block with all that was sent. */
  public synchronized void mine() {
    time += 12;
    List<VoucherAction.Errand> block = List.copyOf(pending);
    pending.clear();
    block.forEach(this::execute);
  }

  public synchronized ChainView view(VoucherSetup setup) {
    return new ChainView(time, now(setup), now(setup));
  }

  /** What an account was paid. */
  public synchronized Amount received(EvmAddress account) {
    return balances.getOrDefault(account, Amount.ZERO);
  }

  private OnLedger now(VoucherSetup setup) {
    return channels.getOrDefault(setup.id(), new OnLedger.Missing());
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
            setup.domain().isSigned(signer, both.close(), both.a(), setup.a())
                && setup.domain().isSigned(signer, both.close(), both.b(), setup.b());
        if (signed && time <= both.close().deadline() && isUnsettled(setup)) {
          settle(
              setup,
              true,
              Payouts.of(deposits(setup), both.close().paidByA(), both.close().paidByB()));
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
      case VoucherAction.Hold _,
          VoucherAction.RegisterPreimage _,
          VoucherAction.Redeem _,
          VoucherAction.AskPreimage _ -> {} // sessions know no locks
      case VoucherAction.AbandonOpening _ -> {} // none is under way here for long
    }
  }

  private Deposits deposits(VoucherSetup setup) {
    return switch (now(setup)) {
      case OnLedger.Open open -> open.deposits();
      case OnLedger.Closing closing -> closing.deposits();
      case OnLedger.Missing _, OnLedger.Settled _ -> Deposits.NONE;
    };
  }

  private boolean isUnsettled(VoucherSetup setup) {
    return now(setup) instanceof OnLedger.Open || now(setup) instanceof OnLedger.Closing;
  }

  private Amount paid(VoucherSetup setup, Party payer, Optional<SignedVoucher> shown) {
    return shown
        .filter(best -> best.voucher().payer().equals(setup.address(payer)))
        .filter(
            best ->
                setup
                    .domain()
                    .isSigned(signer, best.voucher(), best.signature(), setup.address(payer)))
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
}
