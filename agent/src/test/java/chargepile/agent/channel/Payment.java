package chargepile.agent.channel;

import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.util.List;

/** A payment of a number, whose preimage everybody in the tests can work out. */
record Payment(int number) {
  static final ByteVector ONION = new ByteVector(new byte[UpdateAddHtlc.ONION_BYTES]);

  ByteVector32 preimage() {
    return new ByteVector32(ByteBuffer.allocate(32).putInt(number).array());
  }

  ByteVector32 hash() {
    return new ByteVector32(preimage().sha256().toByteArray());
  }

  ChannelEvent.AddHtlc offer(long millisatoshi, long cltvExpiry) {
    return new ChannelEvent.AddHtlc(new Amount(millisatoshi), hash(), cltvExpiry, ONION);
  }

  /** The payment among the first {@code count} ones that an HTLC belongs to. */
  static Payment of(UpdateAddHtlc htlc, int count) {
    for (int i = 0; i < count; i++) {
      if (new Payment(i).hash().equals(htlc.paymentHash())) {
        return new Payment(i);
      }
    }
    throw new AssertionError("no payment of " + htlc);
  }

  static ChannelEvent.FailHtlc failure(long id) {
    return new ChannelEvent.FailHtlc(id, new ByteVector("0bad"));
  }

  /** Fulfils all of {@code party}'s waiting HTLCs; false when there was none. */
  static boolean fulfilAll(TwoParties.Party party, int count) {
    List<UpdateAddHtlc> waiting = party.commitments().receivedHtlcs();
    waiting.forEach(
        htlc -> party.on(new ChannelEvent.FulfillHtlc(htlc.id(), of(htlc, count).preimage())));
    return !waiting.isEmpty();
  }
}
