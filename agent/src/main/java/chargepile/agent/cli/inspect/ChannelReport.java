package chargepile.agent.cli.inspect;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.cli.node.TokenName;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherStage;
import java.util.Map;
import java.util.Optional;

/**
 * A channel as the store has it.
 *
 * @param money how its amounts are written
 * @param leg empty when the state can't be read
 * @param problem why the state can't be read
 */
record ChannelReport(
    ChannelRow row, Denomination money, Optional<PaymentLeg> leg, Optional<String> problem) {
  /** How a channel ended. */
  record Ended(String outcome, String reason) {}

  /**
   * @param meta of the store, as far as it can be read
   */
  static ChannelReport of(ChannelRow row, Map<String, String> meta) {
    Denomination money = TokenName.of(meta, row);
    try {
      PaymentLeg leg = PeerChannelCodec.decode(row.state()).leg();
      return new ChannelReport(row, money, Optional.of(leg), Optional.empty());
    } catch (MalformedStateException e) {
      return new ChannelReport(
          row, money, Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  Amount capacity() {
    return TokenName.capacity(money, row);
  }

  /** How the channel ended, if it is settled. */
  Optional<Ended> ended() {
    return penalty()
        .flatMap(
            channel ->
                channel.stage() instanceof Stage.Closed closed
                    ? Optional.of(new Ended(closed.outcome().name(), closed.reason()))
                    : Optional.<Ended>empty())
        .or(
            () ->
                voucher()
                    .flatMap(
                        stage ->
                            stage instanceof VoucherStage.Closed closed
                                ? Optional.of(new Ended(closed.outcome().name(), closed.reason()))
                                : Optional.empty()));
  }

  /** The latest commitments, also of a settled channel. */
  Optional<Commitments> commitments() {
    return penalty()
        .flatMap(
            channel ->
                channel.stage() instanceof Stage.Closed closed
                    ? closed.last()
                    : channel.commitments());
  }

  /** The static part, when nothing else is left of the channel. */
  Optional<StaticChannel> lost() {
    return commitments().isPresent() ? Optional.empty() : penalty().flatMap(Channel::kept);
  }

  /** What a voucher channel keeps. */
  Optional<VoucherBook> book() {
    return leg.filter(VoucherLeg.class::isInstance)
        .flatMap(found -> ((VoucherLeg) found).channel().book());
  }

  private Optional<Channel> penalty() {
    return leg.flatMap(PaymentLeg::penalty);
  }

  private Optional<VoucherStage> voucher() {
    return leg.filter(VoucherLeg.class::isInstance)
        .map(found -> ((VoucherLeg) found).channel().stage());
  }
}
