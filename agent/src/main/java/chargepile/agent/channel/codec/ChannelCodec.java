package chargepile.agent.channel.codec;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.FundingWatch;
import chargepile.agent.channel.Link;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import java.util.Optional;
import java.util.Set;

/** A {@link Channel} as bytes. The link is not kept: a channel that was read has none. */
public final class ChannelCodec {
  private static final int VERSION = 2;

  private ChannelCodec() {}

  public static byte[] encode(Channel channel) {
    StateWriter out = new StateWriter();
    out.u8(VERSION);
    switch (channel.stage()) {
      case Stage.Absent absent -> out.u8(0);
      case Stage.AwaitingAccept stage -> {
        out.u8(1);
        ChannelEvent.Open request = stage.request();
        out.fixed(request.temporaryId().value())
            .satoshi(request.capacity())
            .amount(request.push())
            .feerate(request.feerate());
        CommitmentsCodec.write(out, stage.sent());
      }
      case Stage.AwaitingFunding stage -> opening(out.u8(2), stage.opening());
      case Stage.AwaitingFundingSigned stage -> {
        opening(out.u8(3), stage.opening());
        out.transaction(stage.fundingTransaction());
      }
      case Stage.AwaitingFundingCreated stage -> opening(out.u8(4), stage.opening());
      case Stage.AwaitingReady stage -> {
        CommitmentsCodec.write(out.u8(5), stage.commitments());
        out.flag(stage.saidReady())
            .optional(stage.heardReady(), ready -> CommitmentsCodec.write(out, ready));
      }
      case Stage.Normal stage -> {
        CommitmentsCodec.write(out.u8(6), stage.commitments());
        out.optional(stage.closing(), ending -> ending(out, ending));
      }
      case Stage.Closing stage -> {
        CommitmentsCodec.write(out.u8(7), stage.commitments());
        out.optional(stage.ending(), ending -> ending(out, ending))
            .optional(stage.mutual(), out::transaction)
            .flag(stage.mayPublish())
            .optional(stage.seen(), out::transaction);
        SettlementCodec.write(out, stage.settlement());
      }
      case Stage.DataLost stage -> CommitmentsCodec.write(out.u8(8), stage.commitments());
      case Stage.Closed(Outcome outcome, String reason, var last, var recovered) -> {
        out.u8(recovered.isPresent() ? 11 : 9).text(outcome.name()).text(reason);
        recovered.ifPresentOrElse(
            kept -> StaticChannelCodec.write(out, kept),
            () -> out.optional(last, commitments -> CommitmentsCodec.write(out, commitments)));
      }
      case Stage.Recovering stage -> {
        StaticChannelCodec.write(out.u8(10), stage.kept());
        out.optional(stage.seen(), out::transaction);
      }
    }
    out.optional(channel.funding().transaction(), out::transaction)
        .optional(channel.funding().missingSince(), height -> out.i32(height.value()));
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedStateException when the bytes are anything else
   */
  public static Channel decode(byte[] bytes) {
    return StateReader.whole("channel state", bytes, ChannelCodec::channel);
  }

  private static Channel channel(StateReader in) {
    return new Channel(
        Link.DOWN,
        stage(in),
        new FundingWatch(
            in.optional(in::transaction), in.optional(() -> new BlockHeight(in.i32()))));
  }

  private static Stage stage(StateReader in) {
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedStateException(
          "version %d, but this program knows version %d".formatted(version, VERSION));
    }
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new Stage.Absent();
      case 1 ->
          new Stage.AwaitingAccept(
              new ChannelEvent.Open(
                  new ChannelId(in.vector32()), in.satoshi(), in.amount(), in.feerate()),
              CommitmentsCodec.message(in, OpenChannel.class));
      case 2 -> new Stage.AwaitingFunding(opening(in));
      case 3 -> new Stage.AwaitingFundingSigned(opening(in), in.transaction());
      case 4 -> new Stage.AwaitingFundingCreated(opening(in));
      case 5 ->
          new Stage.AwaitingReady(
              CommitmentsCodec.read(in),
              in.flag(),
              in.optional(() -> CommitmentsCodec.message(in, ChannelReady.class)));
      case 6 -> new Stage.Normal(CommitmentsCodec.read(in), in.optional(() -> ending(in)));
      case 7 ->
          new Stage.Closing(
              CommitmentsCodec.read(in),
              in.optional(() -> ending(in)),
              in.optional(in::transaction),
              in.flag(),
              in.optional(in::transaction),
              SettlementCodec.read(in));
      case 8 -> new Stage.DataLost(CommitmentsCodec.read(in));
      case 9 ->
          new Stage.Closed(
              Outcome.valueOf(in.text()), in.text(), in.optional(() -> CommitmentsCodec.read(in)));
      case 10 -> new Stage.Recovering(StaticChannelCodec.read(in), in.optional(in::transaction));
      case 11 ->
          new Stage.Closed(
              Outcome.valueOf(in.text()),
              in.text(),
              Optional.empty(),
              Optional.of(StaticChannelCodec.read(in)));
      default -> throw new MalformedStateException("no stage has the number " + kind);
    };
  }

  private static void opening(StateWriter out, Stage.Opening value) {
    out.fixed(value.temporaryId().value());
    CommitmentsCodec.write(out, value.setup());
    out.amount(value.push()).feerate(value.feerate()).key(value.remoteFirstPoint());
  }

  private static Stage.Opening opening(StateReader in) {
    return new Stage.Opening(
        new ChannelId(in.vector32()),
        CommitmentsCodec.setup(in),
        in.amount(),
        in.feerate(),
        in.key());
  }

  private static void ending(StateWriter out, Stage.Ending value) {
    out.optional(value.refusal(), out::text)
        .optional(value.saidScript(), out::bytes)
        .optional(value.heardScript(), out::bytes)
        .list(value.signedFees().stream().sorted().toList(), out::satoshi);
  }

  private static Stage.Ending ending(StateReader in) {
    return new Stage.Ending(
        in.optional(in::text),
        in.optional(in::vector),
        in.optional(in::vector),
        Set.copyOf(in.list(in::satoshi)));
  }
}
