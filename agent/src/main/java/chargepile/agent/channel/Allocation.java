package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import java.util.List;
import java.util.Optional;

/**
 * How a commitment transaction divides the channel (P1-29), and for which energy. "Local" is the
 * owner of the commitment, as in {@link CommitmentSpec}.
 */
public record Allocation(CommitmentSpec spec, Optional<SessionTotals> session) {

  /**
   * This allocation with the updates applied that each side proposed.
   *
   * @param ownerMeters whether the owner of the commitment is the metering side
   * @throws InsufficientBalanceException when a side would have to pay more than it has
   * @throws IllegalArgumentException when a message is not an update
   */
  Allocation with(List<ChannelMessage> updates, boolean ownerMeters) {
    Allocation next = this;
    for (ChannelMessage update : updates) {
      if (update instanceof EnergyUpdate energy) {
        next = next.withEnergy(energy, ownerMeters);
      } else if (update instanceof UpdateFee fee) {
        next = next.withFeerate(fee);
      } else {
        throw new IllegalArgumentException("not an update: " + update);
      }
    }
    return next;
  }

  /**
   * What the payer of {@code update} pays on top of what this allocation holds already; may be
   * negative.
   */
  long increase(EnergyUpdate update) {
    return update.amount().value() - totals(update).total(update.direction()).amount().value();
  }

  private Allocation withEnergy(EnergyUpdate update, boolean ownerMeters) {
    boolean ownerEarns = (update.direction() == Direction.IMPORT) == ownerMeters;
    long increase = increase(update);
    boolean ownerGains = ownerEarns == increase >= 0;
    Amount moved = new Amount(Math.abs(increase));
    Amount giver = ownerGains ? spec.toRemote() : spec.toLocal();
    if (moved.compareTo(giver) > 0) {
      throw new InsufficientBalanceException(giver, moved);
    }
    CommitmentSpec next =
        new CommitmentSpec(
            spec.feerate(),
            ownerGains ? spec.toLocal().plus(moved) : spec.toLocal().minus(moved),
            ownerGains ? spec.toRemote().minus(moved) : spec.toRemote().plus(moved),
            spec.htlcs());
    return new Allocation(next, Optional.of(totals(update).with(update)));
  }

  private Allocation withFeerate(UpdateFee update) {
    return new Allocation(
        new CommitmentSpec(update.feerate(), spec.toLocal(), spec.toRemote(), spec.htlcs()),
        session);
  }

  private SessionTotals totals(EnergyUpdate update) {
    return session
        .filter(totals -> totals.session().equals(update.sessionId()))
        .orElseGet(() -> SessionTotals.start(update.sessionId()));
  }
}
