package chargepile.agent.channel;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.OutPoint;

/**
 * What a channel's opening fixed for ever. It is enough to ask the peer to close and to take what
 * its transaction pays this side, and too little to publish anything: a backup of it never gets old
 * and does no harm.
 */
public record StaticChannel(ChannelSetup setup, OutPoint funding) {
  public ChannelId id() {
    return ChannelId.of(funding);
  }
}
