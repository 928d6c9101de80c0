package chargepile.agent.store;

import static chargepile.agent.store.SigningMarks.NOTHING;

import chargepile.agent.units.ChannelId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the last commit left, as far as the next one must not fall behind it: the rules that hold
 * however the bytes are kept.
 */
final class LastCommitted {
  private static final String ADVICE =
      "; nothing was stored. The running state is older than the disk's or the program is at fault:"
          + " stop it and start again from what is stored";

  private final Map<ChannelId, SigningMarks> marks = new HashMap<>();
  private RegistersRow registers;
  private long sequence;

  LastCommitted(Snapshot snapshot) {
    registers = snapshot.registers();
    sequence = snapshot.journalSequence();
    snapshot.channels().forEach(row -> marks.put(row.id(), row.marks()));
  }

  /** The journal sequence of the last commit, 0 before the first. */
  long sequence() {
    return sequence;
  }

  boolean knows(ChannelId channel) {
    return marks.containsKey(channel);
  }

  /** Throws {@link StoreException} when {@code commit} breaks a rule; changes nothing. */
  void check(Commit commit) {
    for (ChannelRow row : commit.channels()) {
      check(row.id(), marks.getOrDefault(row.id(), SigningMarks.NONE), row.marks());
    }
    for (RevokedCommitmentRow row : commit.revoked()) {
      if (!knows(row.channel())
          && commit.channels().stream().noneMatch(c -> c.id().equals(row.channel()))) {
        throw refused(
            "revoked commitment %d belongs to channel %s, which is not stored"
                .formatted(row.commitmentNumber(), row.channel()));
      }
    }
    commit.registers().ifPresent(this::check);
  }

  /** Takes over what {@code commit} wrote under {@code newSequence}. */
  void apply(Commit commit, long newSequence) {
    commit.channels().forEach(row -> marks.put(row.id(), row.marks()));
    commit.registers().ifPresent(row -> registers = row);
    sequence = newSequence;
  }

  /** Throws when an outbox mark names a commit that does not exist yet. */
  void checkSent(long outboxSequence) {
    if (outboxSequence > sequence) {
      throw new StoreException(
          ("outbox entries up to %d are said to be sent, but the last commit is %d;"
                  + " nothing was marked")
              .formatted(outboxSequence, sequence));
    }
  }

  private static void check(ChannelId channel, SigningMarks old, SigningMarks next) {
    rises(channel, "signed remote commitment", old.remoteSigned(), next.remoteSigned());
    rises(channel, "stored local commitment", old.localStored(), next.localStored());
    rises(channel, "revoked local commitment", old.revoked(), next.revoked());
    if (next.remoteSigned() == old.remoteSigned()
        && !Arrays.equals(next.remoteSignedDigest(), old.remoteSignedDigest())) {
      throw refused(
          "channel %s: remote commitment %d was signed with another content already"
              .formatted(channel, next.remoteSigned()));
    }
    if (next.revoked() != NOTHING && next.revoked() >= next.localStored()) {
      throw refused(
          ("channel %s: the secret of local commitment %d would be revealed, but the newest one"
                  + " stored is %d")
              .formatted(channel, next.revoked(), next.localStored()));
    }
  }

  private void check(RegistersRow next) {
    if (next.importMwh() < registers.importMwh() || next.exportMwh() < registers.exportMwh()) {
      throw refused(
          "a register would run backwards: import from %d to %d mWh, export from %d to %d mWh"
              .formatted(
                  registers.importMwh(),
                  next.importMwh(),
                  registers.exportMwh(),
                  next.exportMwh()));
    }
  }

  private static void rises(ChannelId channel, String what, long old, long next) {
    if (next < old) {
      throw refused(
          "channel %s: %s would go back from %d to %d".formatted(channel, what, old, next));
    }
  }

  static StoreException refused(String what) {
    return new StoreException(what + ADVICE);
  }
}
