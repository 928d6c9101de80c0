package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Rows for the tests, and a text of a snapshot in which equal content reads equal. */
final class StoreSamples {
  static final ChannelId FIRST = channelId(1);
  static final ChannelId SECOND = channelId(2);
  static final Instant NOON = Instant.parse("2026-06-01T12:00:00.123Z");

  private StoreSamples() {}

  static ChannelId channelId(int number) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) number);
    return new ChannelId(new ByteVector32(bytes));
  }

  static ChannelRow channel(ChannelId id, SigningMarks marks) {
    return channel(id, marks, "state".getBytes(StandardCharsets.UTF_8));
  }

  static ChannelRow channel(ChannelId id, SigningMarks marks, byte[] state) {
    byte[] peer = new byte[33];
    peer[0] = 2;
    long number = Math.max(0, marks.localStored());
    return new ChannelRow(
        id, new ByteVector(peer), "Normal", number, 1_000 + number, 2_000, 3, state, marks);
  }

  static SigningMarks marks(long signed, int digest, long stored, long revoked) {
    return new SigningMarks(signed, new byte[] {(byte) digest}, stored, revoked);
  }

  static JournalNote note(String text) {
    return new JournalNote(NOON, "test", Optional.empty(), 0, text);
  }

  static Commit commit(ChannelRow... channels) {
    return new Commit(
        List.of(channels),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        note("channels"));
  }

  static Commit commit(long importMwh, long exportMwh) {
    return new Commit(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.of(new RegistersRow(importMwh, exportMwh)),
        List.of(),
        note("registers"));
  }

  static Commit send(String... destinations) {
    return new Commit(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Arrays.stream(destinations)
            .map(d -> new OutboxEntry(d, d.getBytes(StandardCharsets.UTF_8)))
            .toList(),
        note("outbox"));
  }

  static Commit revoke(ChannelId channel, long number, int content) {
    return new Commit(
        List.of(),
        List.of(new RevokedCommitmentRow(channel, number, new byte[] {(byte) content})),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        note("revoked"));
  }

  static ReceiptRow receipt(int session, Optional<ReceiptRow.Metered> metered) {
    byte[] id = new byte[16];
    Arrays.fill(id, (byte) session);
    byte[] peer = new byte[33];
    peer[0] = 3;
    return new ReceiptRow(
        new SessionId(new ByteVector(id)),
        new ByteVector(peer),
        FIRST,
        42,
        NOON,
        NOON.plusSeconds(2700),
        "UNPLUGGED",
        new ReceiptRow.Prices(1, 300_000, 200_000, 10),
        new ReceiptRow.Paid(5_438_000, 2_700_000, 1_631_400),
        new ReceiptRow.Paid(1, 2, 3),
        metered,
        new ByteVector("02" + "0c".repeat(32)),
        new ByteVector("0a0b"));
  }

  static Commit receipts(ReceiptRow... rows) {
    return new Commit(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        note("receipts"),
        List.of(rows));
  }

  static SettlementRow settlement(int session, String signed) {
    return new SettlementRow(
        receipt(session, Optional.empty()).session(), Direction.IMPORT, new ByteVector(signed));
  }

  static Commit settlements(SettlementRow... rows) {
    return new Commit(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        note("settlements"),
        List.of(),
        List.of(rows));
  }

  static Commit session(byte[] state) {
    return new Commit(
        List.of(), List.of(), Optional.of(state), Optional.empty(), List.of(), note("session"));
  }

  static List<String> destinations(Snapshot snapshot) {
    return snapshot.unsent().stream().map(StoredOutboxEntry::destination).toList();
  }

  static String text(Snapshot snapshot) {
    List<String> lines = new ArrayList<>();
    for (ChannelRow row : snapshot.channels()) {
      SigningMarks marks = row.marks();
      lines.add(
          "channel %s %s %s %d %d %d %d %s, marks %d %s %d %d"
              .formatted(
                  row.id(),
                  row.peer(),
                  row.stage(),
                  row.commitmentNumber(),
                  row.localMsat(),
                  row.remoteMsat(),
                  row.capacitySat(),
                  hex(row.state()),
                  marks.remoteSigned(),
                  hex(marks.remoteSignedDigest()),
                  marks.localStored(),
                  marks.revoked()));
    }
    for (RevokedCommitmentRow row : snapshot.revoked()) {
      lines.add(
          "revoked %s %d %s".formatted(row.channel(), row.commitmentNumber(), hex(row.bytes())));
    }
    lines.add("session " + snapshot.session().map(StoreSamples::hex));
    RegistersRow registers = snapshot.registers();
    lines.add("registers %d %d".formatted(registers.importMwh(), registers.exportMwh()));
    for (StoredOutboxEntry entry : snapshot.unsent()) {
      lines.add(
          "unsent %d %s %s".formatted(entry.sequence(), entry.destination(), hex(entry.payload())));
    }
    lines.add("sequence " + snapshot.journalSequence());
    snapshot.meta().entrySet().stream().map(entry -> "meta " + entry).sorted().forEach(lines::add);
    return String.join("\n", lines);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
