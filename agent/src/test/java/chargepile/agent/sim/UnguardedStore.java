package chargepile.agent.sim;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Commit;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import chargepile.agent.units.ChannelId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Shows a program that starts a channel from before its last signature and without the mark of it,
 * and takes its commits whatever their marks: neither guard is there, and a number is signed twice.
 */
final class UnguardedStore extends OtherStore {
  private final Map<ChannelId, SigningMarks> highest = new HashMap<>();

  UnguardedStore(Store store) {
    super(store);
  }

  @Override
  public Snapshot load() {
    Snapshot all = super.load();
    all.channels().forEach(row -> highest.put(row.id(), row.marks()));
    return new Snapshot(
        all.channels().stream().map(UnguardedStore::before).toList(),
        all.revoked(),
        all.session(),
        all.registers(),
        all.unsent(),
        all.journalSequence(),
        all.meta());
  }

  private static ChannelRow before(ChannelRow row) {
    Channel channel = ChannelCodec.decode(row.state());
    if (channel.stage() instanceof Stage.Normal normal
        && normal.commitments().remoteNext().isPresent()) {
      Stage unsigned = new Stage.Normal(unsigned(normal.commitments()), normal.closing());
      return with(row, ChannelCodec.encode(new Channel(channel.link(), unsigned)), row.marks());
    }
    return row;
  }

  private static Commitments unsigned(Commitments now) {
    SigningRecord signing = now.signing();
    return new Commitments(
        now.setup(),
        now.funding(),
        now.local(),
        now.remote(),
        Optional.empty(),
        now.remoteNextPoint(),
        now.localChanges(),
        now.remoteChanges(),
        now.payments(),
        now.remoteSecrets(),
        new SigningRecord(
            signing.remoteSigned() - 1,
            signing.remoteDigest(),
            signing.localStored(),
            signing.revealed(),
            signing.published(),
            signing.closingDigest()));
  }

  private static ChannelRow with(ChannelRow row, byte[] state, SigningMarks marks) {
    return new ChannelRow(
        row.id(),
        row.peer(),
        row.stage(),
        row.commitmentNumber(),
        row.localMsat(),
        row.remoteMsat(),
        row.capacitySat(),
        state,
        marks);
  }

  @Override
  public long commit(Commit commit) {
    return super.commit(
        new Commit(
            commit.channels().stream().map(this::marked).toList(),
            commit.revoked(),
            commit.session(),
            commit.registers(),
            commit.outbox(),
            commit.journal(),
            commit.receipts(),
            commit.settlements()));
  }

  private ChannelRow marked(ChannelRow row) {
    SigningMarks marks =
        highest.merge(
            row.id(),
            row.marks(),
            (old, next) -> next.remoteSigned() < old.remoteSigned() ? old : next);
    return with(row, row.state(), marks);
  }
}
