package chargepile.agent.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The store's content as of the last commit.
 *
 * @param channels in the order in which they were first stored
 * @param revoked by channel and number
 * @param session empty when none was ever stored
 * @param registers {@link RegistersRow#ZERO} when none were ever stored
 * @param unsent outbox entries that nobody marked as sent, in the order in which they were written
 * @param journalSequence of the last commit; 0 before the first
 * @param meta what {@link Store#putMeta} wrote
 */
public record Snapshot(
    List<ChannelRow> channels,
    List<RevokedCommitmentRow> revoked,
    Optional<byte[]> session,
    RegistersRow registers,
    List<StoredOutboxEntry> unsent,
    long journalSequence,
    Map<String, String> meta) {
  public Snapshot {
    channels = List.copyOf(channels);
    revoked = List.copyOf(revoked);
    unsent = List.copyOf(unsent);
    meta = Map.copyOf(meta);
  }
}
