package chargepile.agent.runtime;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.SigningRecord;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.voucher.Payments;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/** Channels as the store keeps them. */
final class ChannelRows {
  private ChannelRows() {}

  /**
   * The row of a channel; empty before both have signed its first commitments, or the chain shows a
   * voucher channel that the peer opens. Until then nobody has money in it that this side has
   * signed for, and a restart gives it up as a lost link does.
   */
  static Optional<ChannelRow> row(PublicKey peer, PeerChannel known) {
    return switch (known.leg()) {
      case PenaltyLeg(Channel channel) -> row(peer, channel);
      case VoucherLeg leg when leg.isHearsay() -> Optional.empty();
      case VoucherLeg leg -> leg.channel().book().map(book -> row(peer, known, leg, book));
    };
  }

  /** Amounts are in the token's base units; the capacity is what both deposited. */
  private static ChannelRow row(
      PublicKey peer, PeerChannel known, VoucherLeg leg, VoucherBook book) {
    SignedState signed = leg.signed().orElseThrow();
    return new ChannelRow(
        signed.channel(),
        peer.value,
        leg.title(),
        signed.number(),
        signed.local().value(),
        signed.remote().value(),
        book.deposits().total().value(),
        PeerChannelCodec.encode(known),
        marks(book));
  }

  /**
   * A voucher's number is signed for one content only, and the numbers of both sides only rise.
   * Conditional vouchers are numbered apart: the sum of both rises with either.
   */
  private static SigningMarks marks(VoucherBook book) {
    return new SigningMarks(
        mark(book.own()), digest(book), mark(book.peer()), SigningMarks.NOTHING);
  }

  private static long mark(Payments payments) {
    boolean none = payments.latest().isEmpty() && payments.lock().isEmpty();
    return none ? SigningMarks.NOTHING : payments.seq() + payments.lockSeq();
  }

  private static byte[] digest(VoucherBook book) {
    Domain domain = book.setup().domain();
    Optional<ByteVector32> voucher = book.sent().map(sent -> domain.digest(sent.voucher()));
    Optional<ByteVector32> lock = book.own().lock().map(last -> domain.digest(last.voucher()));
    if (lock.isEmpty()) {
      return voucher.map(ByteVector32::toByteArray).orElse(new byte[0]);
    }
    return voucher
        .map(digest -> Keccak256.hash(digest, lock.get()))
        .orElse(lock.get())
        .toByteArray();
  }

  private static Optional<ChannelRow> row(PublicKey peer, Channel channel) {
    return commitments(channel.stage())
        .map(
            now -> {
              var spec = now.local().allocation().spec();
              return new ChannelRow(
                  now.channelId(),
                  peer.value,
                  channel.stage().title(),
                  now.local().number(),
                  spec.toLocal().value(),
                  spec.toRemote().value(),
                  now.setup().capacity().value(),
                  ChannelCodec.encode(channel),
                  marks(now.signing()));
            })
        .or(() -> channel.kept().map(kept -> recovering(peer, channel, kept)));
  }

  /** Nothing was signed, and no balance is known. */
  private static ChannelRow recovering(PublicKey peer, Channel channel, StaticChannel kept) {
    return new ChannelRow(
        kept.id(),
        peer.value,
        channel.stage().title(),
        0,
        0,
        0,
        kept.setup().capacity().value(),
        ChannelCodec.encode(channel),
        SigningMarks.NONE);
  }

  static PeerChannel channel(ChannelRow row) {
    PeerChannel known = PeerChannelCodec.decode(row.state());
    if (known.id().filter(row.id()::equals).isEmpty()) {
      throw new MalformedStateException("it is the state of another channel");
    }
    return known;
  }

  private static Optional<Commitments> commitments(Stage stage) {
    return switch (stage) {
      case Stage.Funded funded -> Optional.of(funded.commitments());
      case Stage.Closed closed -> closed.last();
      default -> Optional.empty();
    };
  }

  private static SigningMarks marks(SigningRecord record) {
    return new SigningMarks(
        record.remoteSigned(),
        record.remoteDigest().map(digest -> digest.toByteArray()).orElse(new byte[0]),
        record.localStored(),
        record.revealed());
  }
}
