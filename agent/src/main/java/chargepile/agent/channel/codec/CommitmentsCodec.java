package chargepile.agent.channel.codec;

import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.Changes;
import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Payments;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.MessageCodec;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.ShachainStore;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Set;

/** {@link Commitments} and what they are made of, as bytes. */
final class CommitmentsCodec {
  private CommitmentsCodec() {}

  static void write(StateWriter out, Commitments value) {
    write(out, value.setup());
    out.fixed(value.funding().txid.value).i64(value.funding().index);
    out.i64(value.local().number());
    write(out, value.local().allocation());
    out.fixed(value.local().remoteSignature())
        .list(value.local().remoteHtlcSignatures(), out::fixed);
    write(out, value.remote());
    out.optional(
        value.remoteNext(),
        next -> {
          write(out, next.commit());
          write(out, next.message());
          out.i64(next.afterLocal());
        });
    out.key(value.remoteNextPoint());
    write(out, value.localChanges());
    write(out, value.remoteChanges());
    write(out, value.payments());
    out.list(
        value.remoteSecrets().entries(), entry -> out.i64(entry.index()).fixed(entry.secret()));
    write(out, value.signing());
  }

  static Commitments read(StateReader in) {
    return new Commitments(
        setup(in),
        new OutPoint(new TxId(in.vector32()), in.i64()),
        new Commitments.Local(in.i64(), allocation(in), in.vector64(), in.list(in::vector64)),
        remote(in),
        in.optional(
            () ->
                new Commitments.RemoteNext(
                    remote(in), message(in, CommitmentSigned.class), in.i64())),
        in.key(),
        changes(in),
        changes(in),
        payments(in),
        new ShachainStore(in.list(() -> new ShachainStore.Entry(in.i64(), in.vector32()))),
        signing(in));
  }

  static void write(StateWriter out, ChannelSetup value) {
    out.fixed(value.chainHash())
        .i64(value.keyIndex())
        .flag(value.funder())
        .flag(value.metering())
        .satoshi(value.capacity())
        .i32(value.minimumDepth());
    write(out, value.local());
    write(out, value.remote());
  }

  static ChannelSetup setup(StateReader in) {
    return new ChannelSetup(
        in.vector32(),
        in.i64(),
        in.flag(),
        in.flag(),
        in.satoshi(),
        in.i32(),
        party(in),
        party(in));
  }

  private static void write(StateWriter out, ChannelSetup.Party value) {
    Basepoints keys = value.basepoints();
    out.key(keys.funding())
        .key(keys.revocation())
        .key(keys.payment())
        .key(keys.delayedPayment())
        .key(keys.htlc())
        .satoshi(value.dustLimit())
        .satoshi(value.reserve())
        .i32(value.toSelfDelay())
        .amount(value.htlcs().minimum())
        .amount(value.htlcs().maximumInFlight())
        .i32(value.htlcs().maximumCount())
        .bytes(value.shutdownScript());
  }

  private static ChannelSetup.Party party(StateReader in) {
    return new ChannelSetup.Party(
        new Basepoints(in.key(), in.key(), in.key(), in.key(), in.key()),
        in.satoshi(),
        in.satoshi(),
        in.i32(),
        new ChannelSetup.HtlcLimits(in.amount(), in.amount(), in.i32()),
        in.vector());
  }

  private static void write(StateWriter out, Commitments.Remote value) {
    out.i64(value.number());
    write(out, value.allocation());
    out.key(value.perCommitmentPoint());
  }

  private static Commitments.Remote remote(StateReader in) {
    return new Commitments.Remote(in.i64(), allocation(in), in.key());
  }

  private static void write(StateWriter out, Allocation value) {
    CommitmentSpec spec = value.spec();
    out.feerate(spec.feerate()).amount(spec.toLocal()).amount(spec.toRemote());
    writeHtlcs(out, spec.htlcs());
    out.optional(
        value.session(),
        totals -> {
          out.fixed(totals.session().value());
          write(out, totals.imported());
          write(out, totals.exported());
        });
  }

  private static Allocation allocation(StateReader in) {
    CommitmentSpec spec = new CommitmentSpec(in.feerate(), in.amount(), in.amount(), htlcs(in));
    return new Allocation(
        spec,
        in.optional(() -> new SessionTotals(new SessionId(in.vector(16)), total(in), total(in))));
  }

  static void writeHtlcs(StateWriter out, List<Htlc> htlcs) {
    out.list(
        htlcs,
        htlc ->
            out.flag(htlc.side() == HtlcSide.OFFERED)
                .i64(htlc.id())
                .amount(htlc.amount())
                .fixed(htlc.paymentHash())
                .i64(htlc.cltvExpiry()));
  }

  static List<Htlc> htlcs(StateReader in) {
    return in.list(
        () ->
            new Htlc(
                in.flag() ? HtlcSide.OFFERED : HtlcSide.RECEIVED,
                in.i64(),
                in.amount(),
                in.vector32(),
                in.i64()));
  }

  private static void write(StateWriter out, SessionTotals.Total value) {
    out.energy(value.energy()).i64(value.duration()).amount(value.amount());
  }

  private static SessionTotals.Total total(StateReader in) {
    return new SessionTotals.Total(in.energy(), in.i64(), in.amount());
  }

  private static void write(StateWriter out, Changes value) {
    out.list(value.proposed(), message -> write(out, message))
        .list(value.signed(), message -> write(out, message))
        .list(value.acked(), message -> write(out, message));
  }

  private static Changes changes(StateReader in) {
    return new Changes(
        in.list(() -> message(in)), in.list(() -> message(in)), in.list(() -> message(in)));
  }

  private static void write(StateWriter out, Payments value) {
    out.i64(value.offered())
        .i64(value.received())
        .list(value.waiting(), message -> write(out, message))
        .list(value.fulfilled().stream().sorted().toList(), out::i64)
        .list(value.preimages(), out::fixed);
  }

  private static Payments payments(StateReader in) {
    return new Payments(
        in.i64(),
        in.i64(),
        in.list(() -> message(in, UpdateAddHtlc.class)),
        Set.copyOf(in.list(in::i64)),
        in.list(in::vector32));
  }

  private static void write(StateWriter out, SigningRecord value) {
    out.i64(value.remoteSigned())
        .optional(value.remoteDigest(), out::fixed)
        .i64(value.localStored())
        .i64(value.revealed())
        .i64(value.published())
        .optional(value.closingDigest(), out::fixed);
  }

  private static SigningRecord signing(StateReader in) {
    return new SigningRecord(
        in.i64(),
        in.optional(in::vector32),
        in.i64(),
        in.i64(),
        in.i64(),
        in.optional(in::vector32));
  }

  static void write(StateWriter out, ChannelMessage message) {
    out.bytes(MessageCodec.encode(message));
  }

  static ChannelMessage message(StateReader in) {
    try {
      return MessageCodec.decode(in.bytes())
          .orElseThrow(() -> new MalformedStateException("a stored message is of no known type"));
    } catch (MalformedMessageException e) {
      throw new MalformedStateException("a stored message is malformed", e);
    }
  }

  static <M extends ChannelMessage> M message(StateReader in, Class<M> kind) {
    ChannelMessage message = message(in);
    if (!kind.isInstance(message)) {
      throw new MalformedStateException("a stored message is no " + kind.getSimpleName());
    }
    return kind.cast(message);
  }
}
