package chargepile.agent.voucher.codec;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A node's unfinished voucher channels with the best vouchers of both sides: all that it takes,
 * together with the seed, to be paid (P2-15, P2-18). Whoever closes with an old one loses what was
 * paid since, and nothing else: there is no penalty. What it holds is recovered, never used again,
 * for the numbers that were signed since are not known.
 *
 * @param metering whether the node is a pile; a driver otherwise
 * @param node whose channels these are
 * @param ledger the separator of the contract's domain: the chain and the contract
 * @param madeAt for people, and to tell which of two is newer
 * @param address of the pile, at which the peers meet; empty when it was not known
 */
public record VoucherBackup(
    boolean metering,
    PublicKey node,
    ByteVector32 ledger,
    Instant madeAt,
    Optional<String> address,
    List<Entry> channels) {
  /** The backup of penalty channels begins with a flag: 0 or 1. */
  private static final int KIND = 2;

  private static final int VERSION = 1;

  public VoucherBackup {
    channels = List.copyOf(channels);
    for (Entry entry : channels) {
      if (!entry.book().setup().domain().separator().equals(ledger)) {
        throw new IllegalArgumentException(
            "channel %s is of another chain or contract".formatted(entry.id()));
      }
    }
  }

  /**
   * A channel and the node id of its peer.
   *
   * @param channel as {@link VoucherChannel#recovering} makes it
   */
  public record Entry(PublicKey peer, long keyIndex, VoucherChannel channel) {
    public Entry {
      if (!channel.recovering().equals(Optional.of(channel))) {
        throw new IllegalArgumentException(
            "a channel in stage %s, which is not to be recovered"
                .formatted(channel.stage().title()));
      }
    }

    /** What was paid in it. */
    public VoucherBook book() {
      return channel.book().orElseThrow();
    }

    public VoucherChannelId id() {
      return book().id();
    }

    /** Whether it knows of every voucher of both sides that {@code other} knows of. */
    public boolean covers(Entry other) {
      VoucherBook one = book();
      VoucherBook two = other.book();
      return one.id().equals(two.id())
          && one.own().seq() >= two.own().seq()
          && one.peer().seq() >= two.peer().seq()
          && one.own().lockSeq() >= two.own().lockSeq()
          && one.peer().lockSeq() >= two.peer().lockSeq();
    }
  }

  /** Whether it has every channel of another backup, and of each as much. */
  public boolean covers(VoucherBackup other) {
    return other.channels().stream()
        .allMatch(entry -> channels.stream().anyMatch(own -> own.covers(entry)));
  }

  /**
   * Whether another backup knows of something that came later. Of a channel that both have, the
   * numbers of the vouchers say so and not the clock, which may have jumped; one that lacks here is
   * over by now, or was opened since: there the clock is all that there is.
   */
  public boolean isBehind(VoucherBackup other) {
    return other.channels().stream()
        .anyMatch(
            entry ->
                channels.stream().noneMatch(own -> own.covers(entry))
                    && (other.madeAt().isAfter(madeAt())
                        || channels.stream().anyMatch(own -> own.id().equals(entry.id()))));
  }

  /** Whether these bytes are meant for {@link #decode}. */
  public static boolean isKind(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == KIND;
  }

  public byte[] encode() {
    StateWriter out = new StateWriter();
    out.u8(KIND)
        .u8(VERSION)
        .flag(metering)
        .key(node)
        .fixed(ledger)
        .i64(madeAt.toEpochMilli())
        .optional(address, out::text)
        .list(
            channels,
            entry ->
                out.key(entry.peer())
                    .i64(entry.keyIndex())
                    .bytes(VoucherChannelCodec.encode(entry.channel())));
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedStateException when the bytes are anything else
   */
  public static VoucherBackup decode(byte[] bytes) {
    return StateReader.whole(
        "backup",
        bytes,
        in -> {
          if (in.u8() != KIND) {
            throw new MalformedStateException("it holds no voucher channels");
          }
          int version = in.u8();
          if (version != VERSION) {
            throw new MalformedStateException(
                "its content is of version %d, this program knows version %d: use the newer program"
                    .formatted(version, VERSION));
          }
          return new VoucherBackup(
              in.flag(),
              in.key(),
              in.vector32(),
              Instant.ofEpochMilli(in.i64()),
              in.optional(in::text),
              in.list(() -> new Entry(in.key(), in.i64(), VoucherChannelCodec.decode(in.bytes()))));
        });
  }
}
