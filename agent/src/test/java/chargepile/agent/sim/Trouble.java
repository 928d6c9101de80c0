package chargepile.agent.sim;

import java.time.Duration;

/** Something that goes wrong, or that somebody does. */
sealed interface Trouble {
  /** A power cut or {@code kill -9} so many boundaries from now; the program starts again later. */
  record Kill(Who who, int boundaries, Duration pause) implements Trouble {}

  /** A clean stop, and a start at once. */
  record Restart(Who who) implements Trouble {}

  /** The program hangs and goes on where it was. */
  record Hang(Who who, Duration time) implements Trouble {}

  /** The connection to the broker breaks and comes back. */
  record Cut(Who who, Duration time) implements Trouble {}

  /** Frames are lost, doubled, delayed and damaged, each with this probability in per cent. */
  record BadNetwork(int perCent, Duration time) implements Trouble {}

  /** A frame that was sent long ago comes once more. */
  record Replay(int frame) implements Trouble {}

  /** A party can't ask the chain. */
  record ChainOutage(Who who, Duration time) implements Trouble {}

  /** Fees rise. */
  record FeeSpike(int satoshiPerKw, Duration time) implements Trouble {}

  /** Blocks come fast. */
  record Blocks(int count) implements Trouble {}

  /** The latest blocks are replaced by longer ones without their transactions. */
  record Reorganisation(int depth) implements Trouble {}

  /** The mempools forget what waits. */
  record Eviction() implements Trouble {}

  /** Someone sets a party's clock. */
  record WallClockJump(Who who, Duration by) implements Trouble {}

  /** Frames of a party get lost, but not those to it; or the other way round. */
  record OneWay(Who who, boolean deaf, Duration time) implements Trouble {}

  /** Both lose their power in the same moment. */
  record Blackout(Duration pause) implements Trouble {}

  /** A party is never seen again. */
  record Vanish(Who who) implements Trouble {}

  /** Somebody with the driver's key says what he likes in the driver's place. */
  record Hostile(Duration time) implements Trouble {}

  /** The mempools are full: they take only what pays so much. */
  record FullMempool(int satoshiPerKw, Duration time) implements Trouble {}

  /** The disk can be read only. */
  record ReadOnlyDisk(Who who, Duration time) implements Trouble {}

  /** Nothing can be written. */
  record FullDisk(Who who, Duration time) implements Trouble {}

  /** The party's disk is replaced by an older copy of itself. */
  record OldImage(Who who) implements Trouble {}

  /** A party publishes the commitment it had so many states ago. */
  record Cheat(Who who, int back) implements Trouble {}

  /** The session is stopped by its driver or its operator. */
  record Stop(Who who) implements Trouble {}

  /** The plug is pulled. */
  record Unplug() implements Trouble {}

  /**
   * A party offers an HTLC.
   *
   * @param blocks until it expires
   * @param fate what the other party does with it
   * @param answer how much later
   */
  record Offer(Who from, int satoshi, int blocks, Payment.Fate fate, Duration answer)
      implements Trouble {}
}
