package chargepile.agent.channel;

import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector;

/**
 * What a channel's machine is given from outside.
 *
 * @param keys the own keys of this channel
 * @param keyIndex their index under the own seed
 * @param metering whether this side meters the energy
 * @param closingScript where the own money goes when the channel ends
 */
public record ChannelContext(
    Signer signer,
    ChannelKeys keys,
    long keyIndex,
    ChannelSettings settings,
    boolean metering,
    ByteVector closingScript) {}
