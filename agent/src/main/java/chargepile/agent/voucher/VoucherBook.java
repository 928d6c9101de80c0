package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.SessionId;
import chargepile.agent.units.VoucherChannelId;
import java.util.Optional;

/**
 * Who has paid how much in a channel, and the vouchers that prove it (P2-15).
 *
 * @param time Unix time in seconds of the chain, as last seen; 0 before it was
 * @param own what this side has paid
 * @param peer what it was paid
 * @param session totals of the latest session that both signed
 * @param pending what this side asked the peer to sign and the peer has not
 */
public record VoucherBook(
    VoucherSetup setup,
    long time,
    Funds funds,
    Payments own,
    Payments peer,
    Optional<SessionTotals> session,
    Optional<EnergyClaim> pending) {

  /** Before the chain was seen. */
  static VoucherBook start(VoucherSetup setup) {
    return new VoucherBook(
        setup, 0, Funds.NONE, Payments.NONE, Payments.NONE, Optional.empty(), Optional.empty());
  }

  public VoucherChannelId id() {
    return setup.id();
  }

  /** What the chain finally holds, by this side's view (P2-16). */
  public Deposits deposits() {
    return funds.seen();
  }

  /** What the peer last said that it sees of the deposits. */
  public Deposits confirmed() {
    return funds.confirmed();
  }

  /** What this side's deposit is to become, until it is. */
  public Optional<Amount> depositWanted() {
    return funds.wanted();
  }

  /** The own latest voucher. */
  public Optional<SignedVoucher> sent() {
    return own.latest();
  }

  /** The peer's latest. */
  public Optional<SignedVoucher> received() {
    return peer.latest();
  }

  /** The own lock of which something can still come. */
  public Optional<Lock> offered() {
    return own.lock().filter(lock -> !lock.isOver());
  }

  /** The peer's. */
  public Optional<Lock> taken() {
    return peer.lock().filter(lock -> !lock.isOver());
  }

  /** The id that the next own lock gets. */
  public long nextOfferedId() {
    return own.lockSeq() + 1;
  }

  /** Whether the chain does not finally hold the channel. */
  public boolean isSuspended() {
    return deposits().equals(Deposits.NONE);
  }

  /**
   * What a side can still pay: its deposit and what it was paid, less what it paid and what a lock
   * reserves.
   */
  public Amount spendable(Party party) {
    return unreserved(party, deposits().least(confirmed()));
  }

  /** Likewise, of all that was final once by this side's view, whatever the peer sees. */
  Amount backed(Party party) {
    return unreserved(party, funds.most());
  }

  private Amount unreserved(Party party, Deposits deposits) {
    return Payouts.of(deposits, paidBy(Party.A), paidBy(Party.B))
        .of(party)
        .minusOrZero(of(party).reserved());
  }

  /** What the sides get if the channel ends as it stands, and no lock is opened. */
  public Payouts payouts() {
    return Payouts.of(deposits(), paidBy(Party.A), paidBy(Party.B));
  }

  /** What both signed for a session. */
  public SessionTotals totals(SessionId of) {
    return session
        .filter(totals -> totals.session().equals(of))
        .orElseGet(() -> SessionTotals.start(of));
  }

  /** What a side has paid since the channel was opened. */
  public Amount paidBy(Party party) {
    return of(party).total();
  }

  /** The number of a side's latest voucher; 0 when there is none. */
  public long seqOf(Party party) {
    return of(party).seq();
  }

  /** What a side has paid. */
  public Payments of(Party party) {
    return party == setup.own() ? own : peer;
  }

  VoucherBook at(long now, Deposits seen) {
    return new VoucherBook(setup, now, funds.seeing(seen), own, peer, session, pending);
  }

  VoucherBook confirming(Deposits told) {
    return new VoucherBook(setup, time, funds.confirming(told), own, peer, session, pending);
  }

  VoucherBook wanting(Optional<Amount> deposit) {
    return new VoucherBook(setup, time, funds.wanting(deposit), own, peer, session, pending);
  }

  /** With a later voucher of either side. */
  VoucherBook with(SignedVoucher later) {
    boolean isOwn = later.voucher().payer().equals(setup.ownAddress());
    return new VoucherBook(
        setup,
        time,
        funds,
        isOwn ? own.with(later) : own,
        isOwn ? peer : peer.with(later),
        session,
        pending);
  }

  /** With what becomes of a side's lock. */
  VoucherBook with(Lock next) {
    boolean isOwn = next.voucher().payer().equals(setup.ownAddress());
    return new VoucherBook(
        setup,
        time,
        funds,
        isOwn ? own.with(next) : own,
        isOwn ? peer : peer.with(next),
        session,
        pending);
  }

  /** What was paid, without what changes with each block and what nobody will answer any more. */
  VoucherBook recovering() {
    return new VoucherBook(
        setup, 0, funds.wanting(Optional.empty()), own, peer, session, Optional.empty());
  }

  VoucherBook asking(EnergyClaim claim) {
    return withPending(Optional.of(claim));
  }

  VoucherBook answered() {
    return withPending(Optional.empty());
  }

  private VoucherBook withPending(Optional<EnergyClaim> next) {
    return new VoucherBook(setup, time, funds, own, peer, session, next);
  }

  /** With a claim that both signed. */
  VoucherBook agreed(EnergyClaim claim) {
    return new VoucherBook(
        setup,
        time,
        funds,
        own,
        peer,
        Optional.of(totals(claim.session()).with(claim.direction(), claim.total())),
        Optional.empty());
  }
}
