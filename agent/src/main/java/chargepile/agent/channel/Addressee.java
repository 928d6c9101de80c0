package chargepile.agent.channel;

import chargepile.agent.channel.wire.AcceptChannel;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.ChannelReestablish;
import chargepile.agent.channel.wire.ClosingSigned;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.FundingCreated;
import chargepile.agent.channel.wire.FundingSigned;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.channel.wire.RevokeAndAck;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import chargepile.agent.channel.wire.Warning;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;

/**
 * The channel that a message names.
 *
 * @param id temporary or final, as the message has it
 * @param objection whether it is an error or a warning: those may name all channels at once with an
 *     id of zeroes (BOLT 1)
 */
record Addressee(ChannelId id, boolean objection) {
  private static final ChannelId ALL = new ChannelId(ByteVector32.Zeroes);

  static Addressee of(ChannelMessage message) {
    return switch (message) {
      case OpenChannel open -> one(open.temporaryChannelId());
      case AcceptChannel accept -> one(accept.temporaryChannelId());
      case FundingCreated created -> one(created.temporaryChannelId());
      case FundingSigned signed -> one(signed.channelId());
      case ChannelReady ready -> one(ready.channelId());
      case ChannelReestablish again -> one(again.channelId());
      case ErrorMessage error -> new Addressee(error.channelId(), true);
      case Warning warning -> new Addressee(warning.channelId(), true);
      case EnergyUpdate update -> one(update.channelId());
      case UpdateFee update -> one(update.channelId());
      case CommitmentSigned signed -> one(signed.channelId());
      case RevokeAndAck revoked -> one(revoked.channelId());
      case Shutdown shutdown -> one(shutdown.channelId());
      case ClosingSigned signed -> one(signed.channelId());
      case UpdateAddHtlc htlc -> one(htlc.channelId());
      case UpdateFulfillHtlc htlc -> one(htlc.channelId());
      case UpdateFailHtlc htlc -> one(htlc.channelId());
    };
  }

  private static Addressee one(ChannelId id) {
    return new Addressee(id, false);
  }

  /** Whether a channel in this stage is meant; before its opening a channel has no id. */
  boolean isMeantFor(Stage stage) {
    if (objection && id.equals(ALL)) {
      return true;
    }
    return switch (stage) {
      case Stage.Absent absent -> true;
      case Stage.AwaitingAccept waiting -> id.equals(waiting.sent().temporaryChannelId());
      case Stage.AwaitingFunding waiting -> id.equals(waiting.opening().temporaryId());
      case Stage.AwaitingFundingCreated waiting -> id.equals(waiting.opening().temporaryId());
      case Stage.AwaitingFundingSigned waiting ->
          id.equals(waiting.opening().temporaryId()) || id.equals(OpeningSteps.channelId(waiting));
      case Stage.Funded funded -> id.equals(funded.commitments().channelId());
      case Stage.Recovering recovering -> id.equals(recovering.kept().id());
      case Stage.Closed closed ->
          closed
              .last()
              .map(Commitments::channelId)
              .or(() -> closed.recovered().map(StaticChannel::id))
              .map(id::equals)
              .orElse(true);
    };
  }
}
