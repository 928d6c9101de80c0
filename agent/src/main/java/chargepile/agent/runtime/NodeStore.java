package chargepile.agent.runtime;

import chargepile.agent.channel.codec.RevokedCodec;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.runtime.Handovers.Handover;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Commit;
import chargepile.agent.store.JournalNote;
import chargepile.agent.store.OutboxEntry;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.RevokedCommitmentRow;
import chargepile.agent.store.SettlementRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import chargepile.agent.store.StoreException;
import chargepile.agent.store.StoredOutboxEntry;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A node's memory: what a transition changes goes to the disk in one commit.
 *
 * <p>The outbox holds transactions for the chain. What was said to a peer is not in it: a frame
 * belongs to a link that does not outlive the program, and {@code channel_reestablish} says again
 * what the stored state shows to be lacking.
 */
final class NodeStore {
  private static final String CHAIN = "chain";
  private static final String LAST_RUN = "of the last run:";
  private final Store store;
  private final Set<ChannelId> known = new HashSet<>();

  NodeStore(Store store) {
    this.store = store;
  }

  Snapshot load() {
    Snapshot snapshot = store.load();
    snapshot.channels().forEach(row -> known.add(row.id()));
    return snapshot;
  }

  /** Whether this was loaded or stored as the id of a channel, be it closed since. */
  boolean knows(ChannelId channel) {
    return known.contains(channel);
  }

  /**
   * The channel with a peer under the keys with an index. One that is not stored was given up: it
   * had no money in it.
   */
  static PaymentLeg channel(Snapshot snapshot, PublicKey peer, long keyIndex, Legs legs) {
    return snapshot.channels().stream()
        .filter(row -> row.peer().equals(peer.value))
        .map(ChannelRows::channel)
        .filter(channel -> channel.keyIndex() == keyIndex)
        .map(PeerChannel::leg)
        .findFirst()
        .orElseGet(() -> legs.givenUp("restarted before it was funded"));
  }

  /**
   * Ties the store to a node and a chain, so that it is never used for another.
   *
   * @throws StoreException when it belongs to another already
   */
  void belongsTo(PublicKey node, ByteVector32 chainHash) {
    store.putMeta("node", node.toHex());
    store.putMeta("chain", chainHash.toHex());
  }

  /**
   * Transactions that may not have reached the chain before the program ended.
   *
   * @param commit the number of the commit that holds them
   */
  record Unsent(long commit, Handover handover) {}

  /** All of them, in their order; one that spends the one before it goes with it. */
  static List<Unsent> unsent(Snapshot snapshot) {
    List<Unsent> found = new ArrayList<>();
    for (StoredOutboxEntry entry : snapshot.unsent()) {
      if (entry.destination().equals(CHAIN)) {
        Transaction transaction = Transaction.read(new ByteVector(entry.payload()).toHex());
        if (!found.isEmpty() && isChild(found.getLast(), entry.sequence(), transaction)) {
          Transaction parent = found.removeLast().handover().transactions().getFirst();
          found.add(new Unsent(entry.sequence(), Handover.of(LAST_RUN, parent, transaction)));
        } else {
          found.add(new Unsent(entry.sequence(), Handover.of(LAST_RUN, transaction)));
        }
      }
    }
    return found;
  }

  private static boolean isChild(Unsent before, long commit, Transaction transaction) {
    List<Transaction> parents = before.handover().transactions();
    return before.commit() == commit
        && parents.size() == 1
        && transaction.txIn.stream()
            .anyMatch(input -> input.outPoint.txid.equals(parents.getFirst().txid));
  }

  /**
   * What a transition changes.
   *
   * @param event its name, and after a colon what more there is to say
   * @param replaced channels that end as another with the same peer begins, by peer
   * @param channels the channels that changed, by peer
   * @param remembered what their channels keep of revoked commitments, by peer
   * @param session what the node keeps beside its channels
   * @param transactions for the chain
   * @param receipts of sessions that have ended
   * @param settlements certificates that both sides have signed now
   */
  record Change(
      Instant at,
      String event,
      Map<PublicKey, PeerChannel> replaced,
      Map<PublicKey, PeerChannel> channels,
      Map<PublicKey, List<LegAction.Remember>> remembered,
      byte[] session,
      Optional<RegistersRow> registers,
      List<Transaction> transactions,
      List<ReceiptRow> receipts,
      List<SettlementRow> settlements) {}

  /**
   * Makes a transition durable.
   *
   * @return the number to give to {@link #sent} when all transactions up to it are with the chain
   * @throws NodeFailedException when the store refuses; then nothing may be said or done
   */
  long commit(Change change) {
    List<ChannelRow> rows =
        Stream.of(change.replaced(), change.channels())
            .flatMap(changed -> changed.entrySet().stream())
            .flatMap(e -> ChannelRows.row(e.getKey(), e.getValue()).stream())
            .toList();
    Optional<ChannelRow> first = rows.stream().findFirst();
    String[] nameAndText = change.event().split(": ", 2);
    JournalNote note =
        new JournalNote(
            change.at(),
            nameAndText[0],
            first.map(ChannelRow::id),
            first.map(ChannelRow::commitmentNumber).orElse(0L),
            nameAndText.length > 1 ? nameAndText[1] : "");
    List<OutboxEntry> outbox =
        change.transactions().stream()
            .map(transaction -> new OutboxEntry(CHAIN, Transaction.write(transaction)))
            .toList();
    try {
      long sequence =
          store.commit(
              new Commit(
                  rows,
                  revoked(change),
                  Optional.of(change.session()),
                  change.registers(),
                  outbox,
                  note,
                  change.receipts(),
                  change.settlements()));
      rows.forEach(row -> known.add(row.id()));
      return sequence;
    } catch (StoreException e) {
      throw new NodeFailedException(
          "the store did not take '%s', so nothing of it was said or done: %s"
              .formatted(change.event(), e.getMessage()),
          e);
    }
  }

  private static List<RevokedCommitmentRow> revoked(Change change) {
    List<RevokedCommitmentRow> rows = new ArrayList<>();
    change
        .remembered()
        .forEach(
            (peer, commitments) ->
                commitments.forEach(
                    kept -> {
                      ChannelId channel =
                          Objects.requireNonNull(change.channels().get(peer)).id().orElseThrow();
                      byte[] bytes = RevokedCodec.encode(kept.revoked().htlcs());
                      rows.add(new RevokedCommitmentRow(channel, kept.revoked().number(), bytes));
                    }));
    return rows;
  }

  /** The HTLCs of a revoked commitment; none when it had none. */
  List<Htlc> revoked(ChannelId channel, long number) {
    return store
        .revoked(channel, number)
        .map(RevokedCommitmentRow::bytes)
        .map(RevokedCodec::decode)
        .orElse(List.of());
  }

  void sent(long sequence) {
    store.sent(sequence);
  }
}
