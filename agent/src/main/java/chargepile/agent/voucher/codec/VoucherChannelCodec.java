package chargepile.agent.voucher.codec;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.SignedClose;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherChannel.Link;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherStage.AwaitingAccept;
import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.DataLost;
import chargepile.agent.voucher.VoucherStage.Ending;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessageCodec;

/** A {@link VoucherChannel} as bytes. The link is not kept: a channel that was read has none. */
public final class VoucherChannelCodec {
  private static final int VERSION = 2;

  private VoucherChannelCodec() {}

  public static byte[] encode(VoucherChannel channel) {
    StateWriter out = new StateWriter();
    out.u8(VERSION);
    switch (channel.stage()) {
      case VoucherStage.Absent _ -> out.u8(0);
      case AwaitingAccept(var sent) -> out.u8(1).bytes(VoucherMessageCodec.encode(sent));
      case AwaitingReady stage -> {
        BookCodec.write(out.u8(2), stage.book());
        out.amount(stage.promised())
            .flag(stage.saidReady())
            .flag(stage.heardReady())
            .i64(stage.since());
      }
      case Normal stage -> {
        BookCodec.write(out.u8(3), stage.book());
        out.optional(stage.closing(), ending -> ending(out, ending));
      }
      case Closing stage -> {
        BookCodec.write(out.u8(stage.lost() ? 8 : 4), stage.book());
        out.text(stage.reason())
            .optional(stage.together(), both -> both(out, both))
            .flag(stage.stale())
            .flag(stage.unopened());
      }
      case DataLost stage -> BookCodec.write(out.u8(stage.shown() ? 5 : 7), stage.book());
      case VoucherStage.Closed(var outcome, String reason, var last) ->
          out.u8(6)
              .text(outcome.name())
              .text(reason)
              .optional(last, book -> BookCodec.write(out, book));
    }
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedStateException when the bytes are anything else
   */
  public static VoucherChannel decode(byte[] bytes) {
    return StateReader.whole(
        "voucher channel state", bytes, in -> new VoucherChannel(Link.DOWN, stage(in)));
  }

  private static VoucherStage stage(StateReader in) {
    int version = in.u8();
    if (version < 1 || version > VERSION) {
      throw new MalformedStateException(
          "version %d, but this program knows versions 1 to %d".formatted(version, VERSION));
    }
    boolean first = version == 1;
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new VoucherStage.Absent();
      case 1 -> new AwaitingAccept(open(in));
      case 2 ->
          new AwaitingReady(
              BookCodec.read(in, version), in.amount(), in.flag(), in.flag(), first ? 0 : in.i64());
      case 3 -> new Normal(BookCodec.read(in, version), in.optional(() -> ending(in)));
      case 4, 8 ->
          new Closing(
              BookCodec.read(in, version),
              in.text(),
              in.optional(() -> both(in)),
              in.flag(),
              !first && in.flag(),
              kind == 8);
      case 5 -> new DataLost(BookCodec.read(in, version), true);
      case 6 ->
          new VoucherStage.Closed(
              VoucherOutcome.valueOf(in.text()),
              in.text(),
              in.optional(() -> BookCodec.read(in, version)));
      case 7 -> new DataLost(BookCodec.read(in, version), false);
      default -> throw new MalformedStateException("no stage has the number " + kind);
    };
  }

  private static OpenVoucherChannel open(StateReader in) {
    try {
      return VoucherMessageCodec.decode(in.bytes()) instanceof OpenVoucherChannel open
          ? open
          : wrongMessage();
    } catch (MalformedMessageException e) {
      throw new MalformedStateException("a stored message: " + e.getMessage(), e);
    }
  }

  private static OpenVoucherChannel wrongMessage() {
    throw new MalformedStateException("another message stands where OpenVoucherChannel should");
  }

  private static void ending(StateWriter out, Ending value) {
    out.optional(value.refusal(), out::text)
        .flag(value.said())
        .flag(value.heard())
        .optional(value.signed(), close -> close(out, close));
  }

  private static Ending ending(StateReader in) {
    return new Ending(in.optional(in::text), in.flag(), in.flag(), in.optional(() -> close(in)));
  }

  private static void both(StateWriter out, SignedClose value) {
    close(out, value.close());
    out.fixed(value.a().bytes()).fixed(value.b().bytes());
  }

  private static SignedClose both(StateReader in) {
    return new SignedClose(
        close(in),
        EvmSignature.of(in.vector(EvmSignature.BYTES)),
        EvmSignature.of(in.vector(EvmSignature.BYTES)));
  }

  private static void close(StateWriter out, CooperativeClose value) {
    out.fixed(value.channel().value())
        .amount(value.paidByA())
        .amount(value.paidByB())
        .i64(value.deadline());
  }

  private static CooperativeClose close(StateReader in) {
    VoucherChannelId id = new VoucherChannelId(in.vector32());
    Amount a = in.amount();
    Amount b = in.amount();
    return new CooperativeClose(id, a, b, in.i64());
  }
}
