package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.SessionId;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/**
 * Who has paid how much in a channel, and the vouchers that prove it (P2-15).
 *
 * @param time Unix time in seconds of the chain, as last seen; 0 before it was
 * @param deposits what the chain finally holds, by this side's view (P2-16)
 * @param confirmed what the peer last said that it sees of them: what both see can be spent
 * @param sent the own latest voucher
 * @param received the peer's latest
 * @param session totals of the latest session that both signed
 * @param pending what this side asked the peer to sign and the peer has not
 * @param depositWanted what this side's deposit is to become, until it is
 */
public record VoucherBook(
    VoucherSetup setup,
    long time,
    Deposits deposits,
    Deposits confirmed,
    Optional<SignedVoucher> sent,
    Optional<SignedVoucher> received,
    Optional<SessionTotals> session,
    Optional<EnergyClaim> pending,
    Optional<Amount> depositWanted) {

  /** Before the chain was seen. */
  static VoucherBook start(VoucherSetup setup) {
    return new VoucherBook(
        setup,
        0,
        Deposits.NONE,
        Deposits.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public VoucherChannelId id() {
    return setup.id();
  }

  /** Whether the chain does not finally hold the channel. */
  public boolean isSuspended() {
    return deposits.equals(Deposits.NONE);
  }

  /** What a side can still pay: its deposit and what it was paid, less what it paid. */
  public Amount spendable(Party party) {
    return Payouts.of(deposits.least(confirmed), paidBy(Party.A), paidBy(Party.B)).of(party);
  }

  /** What the sides get if the channel ends as it stands. */
  public Payouts payouts() {
    return Payouts.of(deposits, paidBy(Party.A), paidBy(Party.B));
  }

  /** What both signed for a session. */
  public SessionTotals totals(SessionId of) {
    return session
        .filter(totals -> totals.session().equals(of))
        .orElseGet(() -> SessionTotals.start(of));
  }

  /** What a side has paid since the channel was opened. */
  public Amount paidBy(Party party) {
    return latestOf(party).map(signed -> signed.voucher().cumulative()).orElse(Amount.ZERO);
  }

  /** The number of a side's latest voucher; 0 when there is none. */
  public long seqOf(Party party) {
    return latestOf(party).map(signed -> signed.voucher().seq()).orElse(0L);
  }

  /** What the latest voucher of a side is for. */
  Optional<ByteVector32> evidenceOf(Party party) {
    return latestOf(party).map(signed -> signed.voucher().evidence());
  }

  Optional<SignedVoucher> latestOf(Party party) {
    return party == setup.own() ? sent : received;
  }

  VoucherBook at(long now, Deposits seen) {
    return new VoucherBook(
        setup, now, seen, confirmed, sent, received, session, pending, depositWanted);
  }

  VoucherBook confirming(Deposits told) {
    return new VoucherBook(
        setup, time, deposits, told, sent, received, session, pending, depositWanted);
  }

  /** With a later voucher of either side. */
  VoucherBook with(SignedVoucher later) {
    boolean own = later.voucher().payer().equals(setup.ownAddress());
    return new VoucherBook(
        setup,
        time,
        deposits,
        confirmed,
        own ? Optional.of(later) : sent,
        own ? received : Optional.of(later),
        session,
        pending,
        depositWanted);
  }

  VoucherBook asking(EnergyClaim claim) {
    return withPending(Optional.of(claim));
  }

  VoucherBook answered() {
    return withPending(Optional.empty());
  }

  private VoucherBook withPending(Optional<EnergyClaim> next) {
    return new VoucherBook(
        setup, time, deposits, confirmed, sent, received, session, next, depositWanted);
  }

  /** With a claim that both signed. */
  VoucherBook agreed(EnergyClaim claim) {
    return new VoucherBook(
        setup,
        time,
        deposits,
        confirmed,
        sent,
        received,
        Optional.of(totals(claim.session()).with(claim.direction(), claim.total())),
        Optional.empty(),
        depositWanted);
  }

  VoucherBook wanting(Optional<Amount> deposit) {
    return new VoucherBook(
        setup, time, deposits, confirmed, sent, received, session, pending, deposit);
  }
}
