package chargepile.agent.session.leg;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.voucher.wire.VoucherMessage;
import java.util.Optional;

/** What peers say to each other about their channel. */
public sealed interface LegMessage {
  /** The claim that it is, if so. */
  Optional<EnergyClaim> claim();

  /** Whether it signs for the claims before it in its frame, so that it is void with them. */
  boolean signsClaims();

  /** Whether the peer begins another channel with it. */
  boolean opens();

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
  }
}
