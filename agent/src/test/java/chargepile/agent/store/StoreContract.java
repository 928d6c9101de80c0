package chargepile.agent.store;

import static chargepile.agent.store.StoreSamples.FIRST;
import static chargepile.agent.store.StoreSamples.NOON;
import static chargepile.agent.store.StoreSamples.SECOND;
import static chargepile.agent.store.StoreSamples.channel;
import static chargepile.agent.store.StoreSamples.channelId;
import static chargepile.agent.store.StoreSamples.commit;
import static chargepile.agent.store.StoreSamples.destinations;
import static chargepile.agent.store.StoreSamples.marks;
import static chargepile.agent.store.StoreSamples.note;
import static chargepile.agent.store.StoreSamples.receipt;
import static chargepile.agent.store.StoreSamples.receipts;
import static chargepile.agent.store.StoreSamples.revoke;
import static chargepile.agent.store.StoreSamples.send;
import static chargepile.agent.store.StoreSamples.session;
import static chargepile.agent.store.StoreSamples.settlement;
import static chargepile.agent.store.StoreSamples.settlements;
import static chargepile.agent.store.StoreSamples.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. */
abstract class StoreContract {
  /** What a store lies on: it outlives the stores that are opened on it. */
  interface Medium extends AutoCloseable {
    Store open(int journalRows);

    /** A store on what a power cut at this moment would leave; {@code running} is gone. */
    Store powerCut(Store running, int journalRows);

    /** Whether writes fail for want of space. */
    void full(Store running, boolean full);

    @Override
    void close();
  }

  private static final int JOURNAL_ROWS = 50;

  private Medium medium;
  private Store store;

  /** A new, empty medium. */
  abstract Medium newMedium();

  @BeforeEach
  void open() {
    medium = newMedium();
    store = medium.open(JOURNAL_ROWS);
  }

  @AfterEach
  void close() {
    store.close();
    medium.close();
  }

  private Snapshot reopened() {
    store.close();
    store = medium.open(JOURNAL_ROWS);
    return store.load();
  }

  private StoreException refused(Commit commit) {
    String before = text(store.load());
    StoreException refusal = assertThrows(StoreException.class, () -> store.commit(commit));
    assertEquals(before, text(store.load()));
    return refusal;
  }

  @Test
  void aNewStoreIsEmpty() {
    assertEquals("session Optional.empty\nregisters 0 0\nsequence 0", text(store.load()));
    assertEquals(List.of(), store.journal(0, 10));
  }

  @Test
  void everythingCommittedIsThereAfterReopening() {
    ChannelRow row = channel(FIRST, marks(4, 9, 5, 4), new byte[10_000]);
    long sequence =
        store.commit(
            new Commit(
                List.of(row, channel(SECOND, SigningMarks.NONE)),
                List.of(new RevokedCommitmentRow(SECOND, 3, new byte[] {1, 2})),
                Optional.of(new byte[] {3}),
                Optional.of(new RegistersRow(11, 12)),
                List.of(new OutboxEntry("chain", new byte[] {4})),
                new JournalNote(NOON, "opened", Optional.of(FIRST), 5, "both at once")));
    store.putMeta("network", "regtest");
    Snapshot snapshot = store.load();
    assertEquals(1, sequence);
    assertEquals(List.of(FIRST, SECOND), snapshot.channels().stream().map(ChannelRow::id).toList());
    assertArrayEquals(row.state(), snapshot.channels().getFirst().state());
    assertEquals(text(snapshot), text(reopened()));
    assertEquals(Map.of("network", "regtest"), store.load().meta());
    JournalEntry entry = store.journal(1, 1).getFirst();
    assertEquals(
        new JournalNote(NOON, "opened", Optional.of(FIRST), 5, "both at once"), entry.note());
  }

  @Test
  void emptyBytesStayEmptyBytes() {
    store.commit(
        new Commit(
            List.of(channel(FIRST, SigningMarks.NONE, new byte[0])),
            List.of(new RevokedCommitmentRow(FIRST, 0, new byte[0])),
            Optional.of(new byte[0]),
            Optional.of(RegistersRow.ZERO),
            List.of(new OutboxEntry("chain", new byte[0])),
            note("")));
    Snapshot snapshot = reopened();
    assertEquals(0, snapshot.channels().getFirst().state().length);
    assertEquals(0, snapshot.revoked().getFirst().bytes().length);
    assertEquals(0, snapshot.session().orElseThrow().length);
    assertEquals(0, snapshot.unsent().getFirst().payload().length);
  }

  @Test
  void whatACommitLeavesOutStaysAsItWas() {
    store.commit(session(new byte[] {5}));
    store.commit(commit(100, 200));
    store.commit(commit(channel(FIRST, marks(0, 1, 0, -1))));
    store.commit(commit(channel(SECOND, SigningMarks.NONE)));
    Snapshot snapshot = store.load();
    assertArrayEquals(new byte[] {5}, snapshot.session().orElseThrow());
    assertEquals(100, snapshot.registers().importMwh());
    assertEquals(2, snapshot.channels().size());
  }

  @Test
  void aMarkThatFallsOnTheSecondChannelUndoesTheFirstToo() {
    store.commit(commit(channel(FIRST, marks(1, 1, 1, 0)), channel(SECOND, marks(5, 1, 5, 4))));
    StoreException refusal =
        refused(commit(channel(FIRST, marks(2, 2, 2, 1)), channel(SECOND, marks(4, 1, 5, 4))));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(
        message.startsWith(
            "channel %s: signed remote commitment would go back from 5 to 4; nothing was stored"
                .formatted(SECOND)),
        message);
    assertEquals(
        2, store.commit(commit(channel(FIRST, marks(2, 2, 2, 1)))), "a refusal uses no number");
  }

  @Test
  void noMarkFalls() {
    store.commit(commit(channel(FIRST, marks(5, 1, 5, 4))));
    refused(commit(channel(FIRST, marks(4, 1, 5, 4))));
    refused(commit(channel(FIRST, marks(5, 1, 4, 3))));
    refused(commit(channel(FIRST, marks(5, 1, 5, 3))));
    refused(commit(channel(FIRST, SigningMarks.NONE)));
    store.commit(commit(channel(FIRST, marks(5, 1, 5, 4))));
  }

  @Test
  void marksHoldAfterReopening() {
    store.commit(commit(channel(FIRST, marks(5, 1, 5, 4))));
    reopened();
    refused(commit(channel(FIRST, marks(4, 1, 5, 4))));
    refused(commit(channel(FIRST, marks(5, 2, 5, 4))));
  }

  @Test
  void aRemoteCommitmentIsSignedForOneContentOnly() {
    store.commit(commit(channel(FIRST, marks(5, 1, 5, 4))));
    refused(commit(channel(FIRST, marks(5, 2, 5, 4))));
    store.commit(commit(channel(FIRST, marks(6, 2, 5, 4))));
  }

  @Test
  void aSecretIsRevealedOnlyAfterItsSuccessorIsStored() {
    refused(commit(channel(FIRST, marks(0, 1, -1, 0))));
    refused(commit(channel(FIRST, marks(0, 1, 0, 0))));
    store.commit(commit(channel(FIRST, marks(0, 1, 1, 0))));
    refused(commit(channel(FIRST, marks(0, 1, 1, 1))));
    refused(commit(channel(FIRST, marks(0, 1, 1, 2))));
  }

  @Test
  void registersNeverRunBackwards() {
    store.commit(commit(100, 200));
    refused(commit(99, 200));
    refused(commit(100, 199));
    reopened();
    refused(commit(99, 300));
    store.commit(commit(100, 201));
  }

  @Test
  void aRevokedCommitmentNeedsItsChannelAndKeepsItsBytes() {
    refused(revoke(FIRST, 3, 1));
    store.commit(commit(channel(FIRST, SigningMarks.NONE)));
    store.commit(revoke(FIRST, 3, 1));
    store.commit(revoke(FIRST, 3, 1));
    refused(revoke(FIRST, 3, 2));
    store.commit(revoke(FIRST, 1, 2));
    assertEquals(
        List.of(1L, 3L),
        reopened().revoked().stream().map(RevokedCommitmentRow::commitmentNumber).toList());
  }

  @Test
  void theOutboxKeepsItsOrderAndForgetsWhatWasSent() {
    long first = store.commit(send("peer:b", "chain", "peer:a"));
    long second = store.commit(send("topic:x"));
    assertEquals(List.of("peer:b", "chain", "peer:a", "topic:x"), destinations(store.load()));
    store.sent(first);
    assertEquals(List.of("topic:x"), destinations(store.load()));
    assertEquals(second, store.load().unsent().getFirst().sequence());
    store.sent(first - 1);
    assertEquals(List.of("topic:x"), destinations(reopened()));
    store.sent(second);
    store.commit(send("peer:c"));
    assertEquals(List.of("peer:c"), destinations(reopened()));
    assertEquals(1, store.size().rows().get("outbox"));
  }

  @Test
  void whatWasMarkedAsSentIsForgottenForGoodWithTheNextCommit() {
    store.sent(store.commit(send("chain")));
    store = medium.powerCut(store, JOURNAL_ROWS);
    assertEquals(List.of("chain"), destinations(store.load()));
    store.sent(1);
    store.commit(send("topic:x"));
    store = medium.powerCut(store, JOURNAL_ROWS);
    assertEquals(List.of("topic:x"), destinations(store.load()));
  }

  @Test
  void nothingIsSentBeforeItWasCommitted() {
    assertThrows(StoreException.class, () -> store.sent(1));
    store.commit(send("chain"));
    assertEquals(List.of("chain"), destinations(store.load()));
  }

  @Test
  void theJournalIsReadFromAnyPlaceOnwards() {
    for (int i = 1; i <= 5; i++) {
      store.commit(commit(i, 0));
    }
    assertEquals(List.of(2L, 3L), sequences(store.journal(2, 2)));
    assertEquals(List.of(4L, 5L), sequences(store.journal(4, 10)));
    assertEquals(List.of(), store.journal(6, 10));
    assertEquals(List.of(), store.journal(1, 0));
  }

  @Test
  void theJournalNamesChannelsThatWereNeverStored() {
    JournalNote note =
        new JournalNote(NOON, "refused", Optional.of(channelId(9)), 0, "capacity too low");
    store.commit(
        new Commit(List.of(), List.of(), Optional.empty(), Optional.empty(), List.of(), note));
    reopened();
    assertEquals(List.of(new JournalEntry(1, note)), store.journal(0, 9));
  }

  @Test
  void theJournalKeepsItsNewestRowsOnly() {
    for (int i = 1; i <= 3 * JOURNAL_ROWS; i++) {
      store.commit(commit(i, 0));
      assertTrue(store.journal(0, 1000).size() <= JOURNAL_ROWS);
    }
    List<Long> kept = sequences(store.journal(0, 1000));
    assertTrue(kept.size() > JOURNAL_ROWS * 3 / 4, () -> "kept " + kept);
    assertEquals(3 * JOURNAL_ROWS, kept.getLast());
    assertEquals(kept.size(), kept.getLast() - kept.getFirst() + 1);
    reopened();
    assertEquals(3 * JOURNAL_ROWS + 1, store.commit(commit(1000, 0)));
  }

  @Test
  void receiptsAreKeptInTheOrderOfTheirSessions() {
    store.commit(receipts(receipt(1, Optional.empty())));
    store.commit(receipts(receipt(2, Optional.of(new ReceiptRow.Metered(7, 8)))));
    reopened();
    assertEquals(
        List.of(
            receipt(1, Optional.empty()), receipt(2, Optional.of(new ReceiptRow.Metered(7, 8)))),
        store.receipts());
    assertEquals(2, store.size().rows().get("receipt"));
  }

  @Test
  void aReceiptGivesWayToOneWithThePilesAccount() {
    ReceiptRow complete = receipt(1, Optional.of(new ReceiptRow.Metered(7, 8)));
    store.commit(receipts(receipt(1, Optional.empty()), receipt(2, Optional.empty())));
    store.commit(receipts(complete));
    store.commit(receipts(receipt(1, Optional.empty())));
    assertEquals(List.of(complete, receipt(2, Optional.empty())), store.receipts());
  }

  @Test
  void theFirstSettlementCertificateOfASessionStays() {
    store.commit(settlements(settlement(1, "0a"), settlement(2, "0b")));
    store.commit(settlements(settlement(1, "0c")));
    reopened();
    assertEquals(List.of(settlement(1, "0a"), settlement(2, "0b")), store.settlements());
    assertEquals(2, store.size().rows().get("settlement"));
  }

  private static EvmTransactionRow evm(String key, long nonce, int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return new EvmTransactionRow(key, nonce, all);
  }

  private static String evmText(Store of) {
    return of.evmTransactions().stream()
        .map(row -> row.key() + ":" + row.nonce() + ":" + Arrays.toString(row.bytes()))
        .collect(Collectors.joining(" "));
  }

  @Test
  void transactionsForAnEvmChainAreKeptByKeyUntilTheyAreDropped() {
    store.putEvmTransaction(evm("b", 9, 1));
    store.putEvmTransaction(evm("a", 10, 2));
    store.putEvmTransaction(evm("b", 9, 3, 4));
    reopened();
    assertEquals("b:9:[3, 4] a:10:[2]", evmText(store));
    assertEquals(2, store.size().rows().get("evm_transaction"));
    store.removeEvmTransaction("b");
    store.removeEvmTransaction("b");
    reopened();
    assertEquals("a:10:[2]", evmText(store));
  }

  @Test
  void aNonceOfTheEvmChainIsKeptForOneTransactionOnly() {
    store.putEvmTransaction(evm("a", 7, 1));
    assertThrows(StoreException.class, () -> store.putEvmTransaction(evm("b", 7, 2)));
    assertEquals("a:7:[1]", evmText(store));
    store.putEvmTransaction(evm("b", 8, 2));
    assertEquals("a:7:[1] b:8:[2]", evmText(store));
  }

  @Test
  void aTransactionForAnEvmChainOutlivesAPowerCut() {
    store.putEvmTransaction(evm("a", 7, 1));
    store = medium.powerCut(store, JOURNAL_ROWS);
    assertEquals("a:7:[1]", evmText(store));
  }

  @Test
  void aFactIsFixedOnceItIsWritten() {
    store.putMeta("node id", "02ab");
    store.putMeta("node id", "02ab");
    assertThrows(StoreException.class, () -> store.putMeta("node id", "02ac"));
    assertEquals(Map.of("node id", "02ab"), reopened().meta());
  }

  @Test
  void aFullDiskLosesNothingAndWorksAgainWithSpace() {
    store.commit(commit(channel(FIRST, marks(1, 1, 1, 0), new byte[5_000])));
    Commit large = commit(channel(FIRST, marks(2, 2, 2, 1), new byte[500_000]));
    medium.full(store, true);
    refused(large);
    refused(large);
    medium.full(store, false);
    assertEquals(2, store.commit(large));
    assertEquals(500_000, reopened().channels().getFirst().state().length);
  }

  @Test
  void closingTwiceIsHarmless() {
    store.close();
    store.close();
  }

  private static List<Long> sequences(List<JournalEntry> entries) {
    return entries.stream().map(JournalEntry::sequence).toList();
  }
}
