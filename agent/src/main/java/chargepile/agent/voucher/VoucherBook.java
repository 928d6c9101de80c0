package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.SessionId;
import java.util.Optional;

/**
 * Who has paid how much in a channel, and the vouchers that prove it.
 *
 * @param deposits what the chain finally holds, by this side's view
 * @param confirmed what the peer said that it sees of them
 * @param sent the own latest voucher
 * @param received the peer's latest
 * @param session totals of the latest session that both signed
 * @param pending what this side asked the peer to sign and the peer has not
 * @param depositWanted what this side's deposit is to become, until it is
 */
public record VoucherBook(
    VoucherSetup setup,
    Deposits deposits,
    Deposits confirmed,
    Optional<SignedVoucher> sent,
    Optional<SignedVoucher> received,
    Optional<SessionTotals> session,
    Optional<EnergyClaim> pending,
    Optional<Amount> depositWanted) {
  /** Whether the chain lost the channel's opening. */
  public boolean isSuspended() {
    return deposits.equals(Deposits.NONE);
  }

  /** What a side can still pay: its deposit and what it was paid, less what it paid. */
  public Amount spendable(Party party) {
    Payouts balances = Payouts.of(deposits.least(confirmed), paidBy(Party.A), paidBy(Party.B));
    return balances.of(party);
  }

  /** What both signed for a session. */
  public SessionTotals totals(SessionId of) {
    return session
        .filter(totals -> totals.session().equals(of))
        .orElseGet(() -> SessionTotals.start(of));
  }

  /** What a side has paid since the channel was opened. */
  public Amount paidBy(Party party) {
    return (party == setup.own() ? sent : received)
        .map(signed -> signed.voucher().cumulative())
        .orElse(Amount.ZERO);
  }
}
