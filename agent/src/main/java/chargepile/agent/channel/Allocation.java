package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.energy.SessionTotals;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a commitment transaction divides the channel (P1-29), and for which energy. "Local" is the
 * owner of the commitment, as in {@link CommitmentSpec}.
 */
public record Allocation(CommitmentSpec spec, Optional<SessionTotals> session) {

  /**
   * This allocation with updates of both sides applied.
   *
   * @param owners those that the owner of the commitment proposed
   * @param others those that the other side proposed
   * @param ownerMeters whether the owner of the commitment is the metering side
   * @throws InsufficientBalanceException when a side would have to pay more than it has
   * @throws IllegalArgumentException when a message is not an update
   */
  Allocation with(List<ChannelMessage> owners, List<ChannelMessage> others, boolean ownerMeters) {
    AllocationFold fold = new AllocationFold(this, ownerMeters);
    owners.forEach(update -> fold.apply(update, true));
    others.forEach(update -> fold.apply(update, false));
    return fold.result();
  }

  boolean holdsHtlcs() {
    return !spec.htlcs().isEmpty();
  }

  /** The HTLCs from the viewpoint of the owner, or of the other side. */
  Stream<Htlc> htlcs(boolean ownersView) {
    return spec.htlcs().stream().map(htlc -> ownersView ? htlc : htlc.seenByOther());
  }
}
