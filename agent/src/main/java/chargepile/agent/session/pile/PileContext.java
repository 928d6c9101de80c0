package chargepile.agent.session.pile;

import chargepile.agent.session.ChannelLogic;
import java.util.function.LongFunction;

/**
 * What a pile's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 */
public record PileContext(PileSettings settings, LongFunction<ChannelLogic> channels) {}
