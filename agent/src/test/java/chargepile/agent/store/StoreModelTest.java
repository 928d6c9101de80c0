package chargepile.agent.store;

import static chargepile.agent.store.StoreSamples.channel;
import static chargepile.agent.store.StoreSamples.channelId;
import static chargepile.agent.store.StoreSamples.marks;
import static chargepile.agent.store.StoreSamples.note;
import static chargepile.agent.store.StoreSamples.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.store.MemoryStoreTest.MemoryMedium;
import chargepile.agent.units.ChannelId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random histories, with restarts and power cuts, leave what a plain model says they leave. */
class StoreModelTest {
  private static final int JOURNAL_ROWS = 20;

  sealed interface Step {
    /** Changes by which a commit departs from what the model holds; some are illegal. */
    record Write(
        int channel,
        int signed,
        int content,
        int stored,
        int revoked,
        int stateBytes,
        int energy,
        int messages)
        implements Step {}

    record Sent(int back) implements Step {}

    record Reopen() implements Step {}

    record PowerCut() implements Step {}
  }

  /** What the store should hold, kept in the plainest way. */
  private static final class Model {
    final Map<ChannelId, ChannelRow> channels = new LinkedHashMap<>();
    final List<StoredOutboxEntry> written = new ArrayList<>();
    RegistersRow registers = RegistersRow.ZERO;
    long sequence;
    long sent;
    long sentOnDisk;

    Commit commit(Step.Write write) {
      ChannelId id = channelId(write.channel);
      SigningMarks now = now(id);
      long signed = Math.max(-1, now.remoteSigned() + write.signed);
      SigningMarks next =
          signed == -1
              ? new SigningMarks(-1, new byte[0], stored(now, write), revoked(now, write))
              : marks(signed, write.content, stored(now, write), revoked(now, write));
      List<OutboxEntry> outbox = new ArrayList<>();
      for (int i = 0; i < write.messages; i++) {
        outbox.add(new OutboxEntry("peer:" + i, new byte[] {(byte) sequence, (byte) i}));
      }
      return new Commit(
          List.of(channel(id, next, new byte[write.stateBytes])),
          List.of(),
          Optional.empty(),
          Optional.of(new RegistersRow(Math.max(0, registers.importMwh() + write.energy), 0)),
          outbox,
          note("step"));
    }

    private SigningMarks now(ChannelId id) {
      ChannelRow row = channels.get(id);
      return row == null ? SigningMarks.NONE : row.marks();
    }

    private static long stored(SigningMarks now, Step.Write write) {
      return Math.max(-1, now.localStored() + write.stored);
    }

    private static long revoked(SigningMarks now, Step.Write write) {
      return Math.max(-1, now.revoked() + write.revoked);
    }

    boolean allows(Commit commit) {
      ChannelRow row = commit.channels().getFirst();
      SigningMarks old = now(row.id());
      SigningMarks next = row.marks();
      boolean signsTwice =
          next.remoteSigned() == old.remoteSigned()
              && next.remoteSigned() >= 0
              && next.remoteSignedDigest()[0] != old.remoteSignedDigest()[0];
      boolean falls =
          next.remoteSigned() < old.remoteSigned()
              || next.localStored() < old.localStored()
              || next.revoked() < old.revoked();
      boolean revealsTooEarly = next.revoked() >= 0 && next.localStored() <= next.revoked();
      boolean meterRunsBack = commit.registers().orElseThrow().importMwh() < registers.importMwh();
      return !signsTwice && !falls && !revealsTooEarly && !meterRunsBack;
    }

    void apply(Commit commit) {
      sequence++;
      commit.channels().forEach(row -> channels.put(row.id(), row));
      registers = commit.registers().orElseThrow();
      commit
          .outbox()
          .forEach(e -> written.add(new StoredOutboxEntry(sequence, e.destination(), e.payload())));
      sentOnDisk = sent;
    }

    Snapshot snapshot() {
      return new Snapshot(
          List.copyOf(channels.values()),
          List.of(),
          Optional.empty(),
          registers,
          written.stream().filter(entry -> entry.sequence() > sent).toList(),
          sequence,
          Map.of());
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Integer> delta =
        Arbitraries.frequency(Tuple.of(1, -1), Tuple.of(6, 0), Tuple.of(6, 1));
    Arbitrary<Step> write =
        Combinators.combine(
                Arbitraries.integers().between(1, 3),
                delta,
                Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(1, 2)),
                delta,
                delta,
                Arbitraries.of(0, 10, 5_000),
                delta,
                Arbitraries.integers().between(0, 2))
            .as(Step.Write::new);
    Arbitrary<Step> sent = Arbitraries.integers().between(0, 2).map(Step.Sent::new);
    return Arbitraries.frequencyOf(
            Tuple.of(12, write),
            Tuple.of(3, sent),
            Tuple.of(1, Arbitraries.just(new Step.Reopen())),
            Tuple.of(1, Arbitraries.just(new Step.PowerCut())))
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void inMemory(@ForAll("histories") List<Step> history) {
    follow(history, new MemoryMedium());
  }

  @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
  void onDisk(@ForAll("histories") List<Step> history) {
    follow(history, new SqliteMedium());
  }

  private static void follow(List<Step> history, StoreContract.Medium newMedium) {
    try (var medium = newMedium) {
      Store store = medium.open(JOURNAL_ROWS);
      try {
        Model model = new Model();
        for (Step step : history) {
          store = take(step, store, model, medium);
          assertEquals(text(model.snapshot()), text(store.load()), () -> "after " + step);
        }
      } finally {
        store.close();
      }
    }
  }

  private static Store take(Step step, Store store, Model model, StoreContract.Medium medium) {
    return switch (step) {
      case Step.Write write -> {
        Commit commit = model.commit(write);
        if (model.allows(commit)) {
          long sequence = store.commit(commit);
          model.apply(commit);
          assertEquals(model.sequence, sequence);
        } else {
          assertThrows(StoreException.class, () -> store.commit(commit));
        }
        yield store;
      }
      case Step.Sent sent -> {
        long mark = Math.max(0, model.sequence - sent.back);
        store.sent(mark);
        model.sent = Math.max(model.sent, mark);
        yield store;
      }
      case Step.Reopen _ -> {
        store.close();
        model.sentOnDisk = model.sent;
        yield medium.open(JOURNAL_ROWS);
      }
      case Step.PowerCut _ -> {
        model.sent = model.sentOnDisk;
        yield medium.powerCut(store, JOURNAL_ROWS);
      }
    };
  }
}
