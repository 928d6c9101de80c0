package chargepile.agent.session.driver;

import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.ChannelLogic;
import java.util.function.LongFunction;

/**
 * What a driver's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 * @param awaited the payments that are not given back at once
 */
public record DriverContext(
    DriverPolicy policy, LongFunction<ChannelLogic> channels, AwaitedPayments awaited) {

  /** With no payment awaited. */
  public DriverContext(DriverPolicy policy, LongFunction<ChannelLogic> channels) {
    this(policy, channels, AwaitedPayments.NONE);
  }
}
