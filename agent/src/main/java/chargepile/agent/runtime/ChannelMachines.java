package chargepile.agent.runtime;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.FundingCreated;
import chargepile.agent.session.leg.ChannelLogic;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * The channel machine for the keys with an index. Deriving keys costs more than an update, so the
 * machines of the latest channels are kept. Belongs to the node's mailbox.
 */
final class ChannelMachines implements LongFunction<ChannelLogic> {
  private static final int KEPT = 64;
  private static final ChannelEvent GIVE_UP =
      new ChannelEvent.CloseUnilaterally("its funding output is that of another channel");

  private final NodeKeys keys;
  private final ChannelSettings settings;
  private final boolean metering;
  private final ByteVector closingScript;
  private final Predicate<ChannelId> taken;
  private final Map<Long, ChannelLogic> machines =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ChannelLogic> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @param taken whether a channel that is or was had this id
   */
  ChannelMachines(
      NodeKeys keys,
      ChannelSettings settings,
      boolean metering,
      ByteVector closingScript,
      Predicate<ChannelId> taken) {
    this.keys = keys;
    this.settings = settings;
    this.metering = metering;
    this.closingScript = closingScript;
    this.taken = taken;
  }

  @Override
  public ChannelLogic apply(long keyIndex) {
    return machines.computeIfAbsent(keyIndex, this::machine);
  }

  private ChannelLogic machine(long index) {
    ChannelMachine machine =
        new ChannelMachine(
            new ChannelContext(
                keys.signer(), keys.channel(index), index, settings, metering, closingScript));
    return (state, event) -> machine.on(state, repeats(state, event) ? GIVE_UP : event);
  }

  /**
   * Whether the peer would found its channel on the funding output of another. The id follows from
   * the output, and under one id the store keeps one channel for good: it would refuse the second,
   * and so stop the node.
   */
  private boolean repeats(Channel state, ChannelEvent event) {
    return state.stage() instanceof Stage.AwaitingFundingCreated
        && event instanceof ChannelEvent.Received(FundingCreated created)
        && taken.test(
            ChannelId.of(new OutPoint(created.fundingTxid(), created.fundingOutputIndex())));
  }
}
