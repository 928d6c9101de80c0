package chargepile.agent.channel.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The message types of BOLT 1 and BOLT 2 that channel peers use, and ours. */
enum MessageType {
  WARNING(1),
  ERROR(17),
  OPEN_CHANNEL(32),
  ACCEPT_CHANNEL(33),
  FUNDING_CREATED(34),
  FUNDING_SIGNED(35),
  CHANNEL_READY(36),
  SHUTDOWN(38),
  CLOSING_SIGNED(39),
  UPDATE_ADD_HTLC(128),
  UPDATE_FULFILL_HTLC(130),
  UPDATE_FAIL_HTLC(131),
  COMMITMENT_SIGNED(132),
  REVOKE_AND_ACK(133),
  UPDATE_FEE(134),
  CHANNEL_REESTABLISH(136),
  ENERGY_UPDATE(32769);

  final int code;
  final String wireName = name().toLowerCase(Locale.ROOT);

  MessageType(int code) {
    this.code = code;
  }

  static @Nullable MessageType of(int code) {
    for (MessageType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }

  static MessageType of(ChannelMessage message) {
    return switch (message) {
      case Warning _ -> WARNING;
      case ErrorMessage _ -> ERROR;
      case OpenChannel _ -> OPEN_CHANNEL;
      case AcceptChannel _ -> ACCEPT_CHANNEL;
      case FundingCreated _ -> FUNDING_CREATED;
      case FundingSigned _ -> FUNDING_SIGNED;
      case ChannelReady _ -> CHANNEL_READY;
      case Shutdown _ -> SHUTDOWN;
      case ClosingSigned _ -> CLOSING_SIGNED;
      case UpdateAddHtlc _ -> UPDATE_ADD_HTLC;
      case UpdateFulfillHtlc _ -> UPDATE_FULFILL_HTLC;
      case UpdateFailHtlc _ -> UPDATE_FAIL_HTLC;
      case CommitmentSigned _ -> COMMITMENT_SIGNED;
      case RevokeAndAck _ -> REVOKE_AND_ACK;
      case UpdateFee _ -> UPDATE_FEE;
      case ChannelReestablish _ -> CHANNEL_REESTABLISH;
      case EnergyUpdate _ -> ENERGY_UPDATE;
    };
  }
}
