package chargepile.agent.store;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Everything one transition changes; written together or not at all.
 *
 * @param channels the channels that changed, each at most once
 * @param revoked commitments with HTLCs that are now revoked; a row that is stored already may be
 *     repeated with the same bytes
 * @param session the owner's own state; empty means unchanged
 * @param registers the meter's totals; empty means unchanged
 * @param outbox what is to be sent, in this order
 * @param receipts of sessions that ended, which both sides keep
 * @param settlements certificates that both sides have signed now
 */
public record Commit(
    List<ChannelRow> channels,
    List<RevokedCommitmentRow> revoked,
    Optional<byte[]> session,
    Optional<RegistersRow> registers,
    List<OutboxEntry> outbox,
    JournalNote journal,
    List<ReceiptRow> receipts,
    List<SettlementRow> settlements) {
  /** One without settlement certificates. */
  public Commit(
      List<ChannelRow> channels,
      List<RevokedCommitmentRow> revoked,
      Optional<byte[]> session,
      Optional<RegistersRow> registers,
      List<OutboxEntry> outbox,
      JournalNote journal,
      List<ReceiptRow> receipts) {
    this(channels, revoked, session, registers, outbox, journal, receipts, List.of());
  }

  /** One without receipts. */
  public Commit(
      List<ChannelRow> channels,
      List<RevokedCommitmentRow> revoked,
      Optional<byte[]> session,
      Optional<RegistersRow> registers,
      List<OutboxEntry> outbox,
      JournalNote journal) {
    this(channels, revoked, session, registers, outbox, journal, List.of());
  }

  public Commit {
    receipts = List.copyOf(receipts);
    settlements = List.copyOf(settlements);
    channels = List.copyOf(channels);
    revoked = List.copyOf(revoked);
    outbox = List.copyOf(outbox);
    var seen = new HashSet<Object>();
    for (ChannelRow row : channels) {
      if (!seen.add(row.id())) {
        throw new IllegalArgumentException("channel " + row.id() + " stands twice in one commit");
      }
    }
  }
}
