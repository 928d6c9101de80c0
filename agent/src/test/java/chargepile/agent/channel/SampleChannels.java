package chargepile.agent.channel;

import chargepile.agent.units.Amount;

/** A pile's channel at moments of its life, for the tests of those who store and show channels. */
public final class SampleChannels {
  /** The capacity of each, in satoshi. */
  public static final long CAPACITY_SAT = ChannelPair.CAPACITY.value();

  private SampleChannels() {}

  /** In use, after two increments: 1 kWh for 300 sat, then 2 kWh for 600 sat in all. */
  public static Channel charged() {
    try (ChannelPair pair = pair()) {
      return pair.pile.stored;
    }
  }

  /** The same, after a cooperative close. */
  public static Channel closed() {
    try (ChannelPair pair = pair()) {
      pair.pile.on(new ChannelEvent.CloseCooperatively());
      pair.run();
      pair.mine(ChannelPair.FINAL);
      return pair.pile.stored;
    }
  }

  private static ChannelPair pair() {
    ChannelPair pair = new ChannelPair();
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 300_000);
    pair.charge(2000, 600_000);
    return pair;
  }
}
