package chargepile.agent.session.pile;

import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.ChannelLogic;
import java.util.function.LongFunction;

/**
 * What a pile's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 * @param awaited the payments that are not given back at once
 */
public record PileContext(
    PileSettings settings, LongFunction<ChannelLogic> channels, AwaitedPayments awaited) {

  /** With no payment awaited. */
  public PileContext(PileSettings settings, LongFunction<ChannelLogic> channels) {
    this(settings, channels, AwaitedPayments.NONE);
  }
}
