package chargepile.agent.sim;

import chargepile.agent.store.RevokedCommitmentRow;
import chargepile.agent.store.Store;
import chargepile.agent.units.ChannelId;
import java.util.Optional;

/** Knows of no HTLC in a commitment that was revoked, so that a breach remedy leaves it out. */
final class HtlcForgettingStore extends OtherStore {
  HtlcForgettingStore(Store store) {
    super(store);
  }

  @Override
  public Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber) {
    return Optional.empty();
  }
}
