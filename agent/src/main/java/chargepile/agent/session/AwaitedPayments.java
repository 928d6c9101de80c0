package chargepile.agent.session;

import chargepile.agent.channel.ChannelNotice;

/**
 * Which payments by HTLC somebody outside the session answers; all others are given back at once. A
 * session itself sells and buys energy and awaits none.
 */
@FunctionalInterface
public interface AwaitedPayments {
  AwaitedPayments NONE = _ -> false;

  /** Whether the payment is left to whoever awaits it. Asked again after every reconnection. */
  boolean contain(ChannelNotice.HtlcReceived payment);
}
