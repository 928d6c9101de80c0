package chargepile.agent.session.driver;

import chargepile.agent.session.ChannelLogic;
import java.util.function.LongFunction;

/**
 * What a driver's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 */
public record DriverContext(DriverPolicy policy, LongFunction<ChannelLogic> channels) {}
