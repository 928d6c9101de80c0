package chargepile.agent.evm;

import chargepile.agent.units.VoucherChannelId;
import com.esaulpaugh.headlong.abi.Tuple;
import java.util.Optional;

/**
 * The voucher channel contract's events as records; their arguments are in the contract's order.
 */
final class ChannelLogDecoder {
  private ChannelLogDecoder() {}

  /** Empty for events that say nothing of channels. */
  static Optional<ChannelLog> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "ChannelOpened" ->
              new ChannelLog.Opened(
                  id(x),
                  Abi.address(x.get(1)),
                  Abi.address(x.get(2)),
                  Abi.address(x.get(3)),
                  Abi.number(x.<Object>get(4)),
                  Abi.number(x.<Object>get(5)));
          case "Deposited" ->
              new ChannelLog.Deposited(
                  id(x), Abi.address(x.get(1)), Abi.amount(x.get(2)), Abi.amount(x.get(3)));
          case "CloseRequested" ->
              new ChannelLog.CloseRequested(
                  id(x), Abi.address(x.get(1)), Abi.number(x.<Object>get(2)));
          case "VoucherPresented" ->
              new ChannelLog.VoucherPresented(
                  id(x),
                  Abi.address(x.get(1)),
                  Abi.amount(x.get(2)),
                  Abi.number(x.<Object>get(3)),
                  Abi.hash(x.get(4)));
          case "LockHeld" ->
              new ChannelLog.LockHeld(
                  id(x),
                  Abi.address(x.get(1)),
                  Abi.amount(x.get(2)),
                  Abi.hash(x.get(3)),
                  Abi.number(x.<Object>get(4)),
                  Abi.number(x.<Object>get(5)));
          case "ChannelSettled" ->
              new ChannelLog.Settled(id(x), Abi.amount(x.get(1)), Abi.amount(x.get(2)), x.get(3));
          case "PayoutKept" ->
              new ChannelLog.PayoutKept(
                  Abi.address(x.get(0)), Abi.address(x.get(1)), Abi.amount(x.get(2)));
          case "Claimed" ->
              new ChannelLog.Claimed(
                  Abi.address(x.get(0)),
                  Abi.address(x.get(1)),
                  Abi.address(x.get(2)),
                  Abi.amount(x.get(3)));
          case "PreimageRegistered" ->
              new ChannelLog.PreimageRegistered(Abi.hash(x.get(0)), Abi.hash(x.get(1)));
          default -> null;
        });
  }

  private static VoucherChannelId id(Tuple arguments) {
    return new VoucherChannelId(Abi.hash(arguments.get(0)));
  }
}
