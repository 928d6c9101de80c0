package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;

/**
 * A channel as it is stored: the state's bytes, and beside them what a person or the guard asks. Of
 * a voucher channel all amounts are in the token's base unit, the capacity is what both deposited,
 * and the number is that of the voucher that the last claim was answered with.
 *
 * @param peer the peer's node key, 33 bytes compressed
 * @param stage the name of the stage of the channel's life
 * @param commitmentNumber of the local commitment, from 0
 * @param localMsat this side's balance in millisatoshi, 0 or more
 * @param remoteMsat the peer's balance in millisatoshi, 0 or more
 * @param capacitySat the funding output's amount in satoshi, 0 or more
 * @param state the whole channel state, opaque to the store
 */
public record ChannelRow(
    ChannelId id,
    ByteVector peer,
    String stage,
    long commitmentNumber,
    long localMsat,
    long remoteMsat,
    long capacitySat,
    byte[] state,
    SigningMarks marks) {
  private static final int COMPRESSED_KEY_BYTES = 33;

  public ChannelRow {
    if (peer.size() != COMPRESSED_KEY_BYTES) {
      throw new IllegalArgumentException(
          "channel %s: a node key has %d bytes, not %d"
              .formatted(id, COMPRESSED_KEY_BYTES, peer.size()));
    }
    if (commitmentNumber < 0 || localMsat < 0 || remoteMsat < 0 || capacitySat < 0) {
      throw new IllegalArgumentException(
          "channel %s: below zero: commitment %d, local %d msat, remote %d msat, capacity %d sat"
              .formatted(id, commitmentNumber, localMsat, remoteMsat, capacitySat));
    }
  }
}
