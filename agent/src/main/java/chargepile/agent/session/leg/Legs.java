package chargepile.agent.session.leg;

import chargepile.agent.units.AmountUnit;

/** How a node pays and is paid: all channels of a node stand on one ledger. */
public interface Legs {
  /** What the amounts of its channels count. */
  AmountUnit unit();

  /** A channel before anything was said. */
  PaymentLeg fresh();

  /** A channel that never came to be: nobody had money in it. */
  PaymentLeg givenUp(String reason);

  /**
   * The answer to an event; pure.
   *
   * @param keyIndex index of the channel's keys under the own seed
   * @param leg a channel of this ledger
   * @throws IllegalArgumentException when {@code leg} is another ledger's: a store belongs to one
   */
  LegTransition on(long keyIndex, PaymentLeg leg, LegEvent event);
}
