package chargepile.agent.session.leg;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.ChannelId;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/** What peers say to each other about their channel. */
public sealed interface LegMessage {
  /** The claim that it is, if so. */
  Optional<EnergyClaim> claim();

  /** Whether it signs for the claims before it in its frame, so that it is void with them. */
  boolean signsClaims();

  /** Whether the peer begins another channel with it. */
  boolean opens();

  /**
   * The channel that is to go on with it after a lost link, where the ledger may tell of it too.
   */
  Optional<ChannelId> takesUp();

  /** What refuses a message that {@link #opens} a channel; to any other it is an error. */
  LegMessage refusal(String text);

  /** A message of the penalty channel. */
  record OfChannel(ChannelMessage message) implements LegMessage {
    @Override
    public Optional<EnergyClaim> claim() {
      return message instanceof EnergyUpdate update
          ? Optional.of(update.claim())
          : Optional.empty();
    }

    @Override
    public boolean signsClaims() {
      return message instanceof CommitmentSigned;
    }

    @Override
    public boolean opens() {
      return message instanceof OpenChannel;
    }

    /** A penalty channel can't be made up from its ledger. */
    @Override
    public Optional<ChannelId> takesUp() {
      return Optional.empty();
    }

    @Override
    public LegMessage refusal(String text) {
      ChannelId id =
          message instanceof OpenChannel open
              ? open.temporaryChannelId()
              : new ChannelId(ByteVector32.Zeroes); // BOLT 1: of all channels
      return new OfChannel(new ErrorMessage(id, text));
    }
  }

  /** A message of the voucher channel. */
  record OfVoucher(VoucherMessage message) implements LegMessage {
    @Override
    public Optional<EnergyClaim> claim() {
      return message instanceof VoucherMessage.VoucherRequest request
          ? Optional.of(request.claim())
          : Optional.empty();
    }

    /** Each voucher is for the claim that it answers. */
    @Override
    public boolean signsClaims() {
      return false;
    }

    @Override
    public boolean opens() {
      return message instanceof VoucherMessage.OpenVoucherChannel;
    }

    @Override
    public Optional<ChannelId> takesUp() {
      return message instanceof VoucherMessage.VoucherReestablish again
          ? Optional.of(new ChannelId(again.channelId().value()))
          : Optional.empty();
    }

    @Override
    public LegMessage refusal(String text) {
      return new OfVoucher(new VoucherMessage.VoucherError(Optional.empty(), text));
    }
  }
}
