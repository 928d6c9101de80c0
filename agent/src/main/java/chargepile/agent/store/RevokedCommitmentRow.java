package chargepile.agent.store;

import chargepile.agent.units.ChannelId;

/**
 * What the penalty needs of a revoked commitment beyond its secret. Only commitments that had HTLCs
 * have one: for all others the stored state is enough, whatever their number.
 *
 * @param commitmentNumber of the remote commitment, from 0
 * @param bytes opaque to the store
 */
public record RevokedCommitmentRow(ChannelId channel, long commitmentNumber, byte[] bytes) {
  public RevokedCommitmentRow {
    if (commitmentNumber < 0) {
      throw new IllegalArgumentException("commitment number below zero: " + commitmentNumber);
    }
  }
}
