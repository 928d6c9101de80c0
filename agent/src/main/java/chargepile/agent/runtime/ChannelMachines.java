package chargepile.agent.runtime;

import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.session.leg.ChannelLogic;
import fr.acinq.bitcoin.ByteVector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The channel machine for the keys with an index. Deriving keys costs more than an update, so the
 * machines of the latest channels are kept. Belongs to the node's mailbox.
 */
final class ChannelMachines implements LongFunction<ChannelLogic> {
  private static final int KEPT = 64;

  private final NodeKeys keys;
  private final ChannelSettings settings;
  private final boolean metering;
  private final ByteVector closingScript;
  private final Map<Long, ChannelLogic> machines =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ChannelLogic> eldest) {
          return size() > KEPT;
        }
      };

  ChannelMachines(
      NodeKeys keys, ChannelSettings settings, boolean metering, ByteVector closingScript) {
    this.keys = keys;
    this.settings = settings;
    this.metering = metering;
    this.closingScript = closingScript;
  }

  @Override
  public ChannelLogic apply(long keyIndex) {
    return machines.computeIfAbsent(
        keyIndex,
        index ->
            new ChannelMachine(
                    new ChannelContext(
                        keys.signer(),
                        keys.channel(index),
                        index,
                        settings,
                        metering,
                        closingScript))
                ::on);
  }
}
