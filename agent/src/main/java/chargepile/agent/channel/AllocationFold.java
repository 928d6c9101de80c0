package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Updates applied to an allocation one after the other. Balances may be below zero on the way and
 * must not be at the end: what counts is the sum, not in whose order it is taken.
 */
final class AllocationFold {
  private final Allocation start;
  private final boolean ownerMeters;
  private final long total;
  private final List<Htlc> htlcs;
  private Feerate feerate;
  private long local;
  private long remote;
  private Optional<SessionTotals> session;

  AllocationFold(Allocation start, boolean ownerMeters) {
    CommitmentSpec spec = start.spec();
    this.start = start;
    this.ownerMeters = ownerMeters;
    this.feerate = spec.feerate();
    this.local = spec.toLocal().value();
    this.remote = spec.toRemote().value();
    this.htlcs = new ArrayList<>(spec.htlcs());
    this.session = start.session();
    this.total = local + remote + htlcs.stream().mapToLong(htlc -> htlc.amount().value()).sum();
  }

  /**
   * @throws InsufficientBalanceException when the update moves more than the channel has
   * @throws IllegalArgumentException when the message is not an update
   */
  void apply(ChannelMessage update, boolean byOwner) {
    switch (update) {
      case EnergyUpdate energy -> energy(energy);
      case UpdateFee fee -> feerate = fee.feerate();
      case UpdateAddHtlc add -> add(add, byOwner);
      case UpdateFulfillHtlc fulfilled ->
          credit(byOwner, remove(fulfilled.id(), byOwner).amount().value());
      case UpdateFailHtlc failed -> credit(!byOwner, remove(failed.id(), byOwner).amount().value());
      default -> throw new IllegalArgumentException("not an update: " + update);
    }
  }

  /**
   * @throws InsufficientBalanceException when a side would have to pay more than it has
   */
  Allocation result() {
    CommitmentSpec spec = start.spec();
    return new Allocation(
        new CommitmentSpec(
            feerate, balance(spec.toLocal(), local), balance(spec.toRemote(), remote), htlcs),
        session);
  }

  private void energy(EnergyUpdate update) {
    SessionTotals totals =
        session
            .filter(known -> known.session().equals(update.sessionId()))
            .orElseGet(() -> SessionTotals.start(update.sessionId()));
    long increase = update.amount().value() - totals.total(update.direction()).amount().value();
    boolean ownerEarns = (update.direction() == Direction.IMPORT) == ownerMeters;
    boolean ownerGains = ownerEarns == increase >= 0;
    long moved = bounded(Math.abs(increase), !ownerGains);
    credit(ownerGains, moved);
    credit(!ownerGains, -moved);
    session = Optional.of(totals.with(update.direction(), update.claim().total()));
  }

  private void add(UpdateAddHtlc add, boolean byOwner) {
    credit(byOwner, -bounded(add.amount().value(), byOwner));
    htlcs.add(
        new Htlc(
            byOwner ? HtlcSide.OFFERED : HtlcSide.RECEIVED,
            add.id(),
            add.amount(),
            add.paymentHash(),
            add.cltvExpiry()));
  }

  /** The one who answers an HTLC is the one who received it. */
  private Htlc remove(long id, boolean byOwner) {
    HtlcSide side = byOwner ? HtlcSide.RECEIVED : HtlcSide.OFFERED;
    Htlc removed =
        htlcs.stream()
            .filter(htlc -> htlc.side() == side && htlc.id() == id)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no HTLC " + id));
    htlcs.remove(removed);
    return removed;
  }

  private void credit(boolean owner, long amount) {
    if (owner) {
      local += amount;
    } else {
      remote += amount;
    }
  }

  /** No more than the channel has moves at once, so that no sum leaves the range of a long. */
  private long bounded(long moved, boolean ownerPays) {
    if (moved > total) {
      CommitmentSpec spec = start.spec();
      throw new InsufficientBalanceException(
          ownerPays ? spec.toLocal() : spec.toRemote(), new Amount(moved));
    }
    return moved;
  }

  private static Amount balance(Amount before, long after) {
    if (after < 0) {
      throw new InsufficientBalanceException(before, new Amount(before.value() - after));
    }
    return new Amount(after);
  }
}
