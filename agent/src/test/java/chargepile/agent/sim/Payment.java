package chargepile.agent.sim;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A payment by HTLC, and what became of it. */
final class Payment {
  /** What the one who gets it is going to do with it. */
  enum Fate {
    FULFILLED,
    FAILED,
    LEFT
  }

  /** A preimage shown so many blocks before the expiry is in time, whatever happens then. */
  static final int IN_TIME = 19;

  private static final ByteVector ONION = new ByteVector(new byte[UpdateAddHtlc.ONION_BYTES]);

  final Who from;
  final Satoshi amount;
  final long expiry;
  final Fate fate;
  final ByteVector32 preimage;
  final ByteVector32 hash;

  /** It was in a commitment that the one who offered it stored. */
  boolean offered;

  /** It was in both commitments, for good. */
  boolean taken;

  /** It was given back. */
  boolean failed;

  /** At which height its preimage was first on the disk of the one who gets it. */
  OptionalLong fulfilledAt = OptionalLong.empty();

  Payment(int number, Who from, Satoshi amount, long expiry, Fate fate) {
    this.from = from;
    this.amount = amount;
    this.expiry = expiry;
    this.fate = fate;
    this.preimage = new ByteVector32(ByteBuffer.allocate(32).putInt(number).array());
    this.hash = new ByteVector32(preimage.sha256().toByteArray());
  }

  ChannelEvent.AddHtlc offer() {
    return new ChannelEvent.AddHtlc(new Amount(amount.value() * 1000), hash, expiry, ONION);
  }

  /** What this one adds to the figures. */
  Figures figures() {
    if (!offered) {
      return Figures.NONE;
    }
    Figure end =
        fulfilledAt.isPresent()
            ? Figure.HTLCS_FULFILLED
            : failed ? Figure.HTLCS_FAILED : Figure.HTLCS_TIMED_OUT;
    return Figures.NONE.with(Figure.HTLCS_OFFERED, 1).with(end, 1);
  }

  /** Whether the one who gets it has to have got it in the end. */
  boolean isDue() {
    return fulfilledAt.isPresent() && fulfilledAt.getAsLong() <= expiry - IN_TIME;
  }

  /** Whether the one who offered it must have it back in the end. */
  boolean isOwnersStill() {
    return fulfilledAt.isEmpty();
  }
}
