package chargepile.agent.cli.demo;

import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.Stage;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.driver.DriverTransition;
import fr.acinq.bitcoin.Transaction;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * All that a cheater needs: its own first commitment transaction, signed while it was still the
 * latest.
 */
final class OldCommitment {
  private final LongFunction<ChannelContext> driver;
  private volatile Optional<Transaction> kept = Optional.empty();

  /**
   * @param driver what the driver's channel under the keys with an index stands on
   */
  OldCommitment(LongFunction<ChannelContext> driver) {
    this.driver = driver;
  }

  /** To be told of every transition of the driver's. */
  void on(DriverTransition transition) {
    PeerChannel channel = transition.next().channel();
    if (kept.isEmpty()
        && channel.leg().penalty().orElseThrow().stage() instanceof Stage.Normal normal
        && normal.commitments().local().number() == 0) {
      kept = signed(channel);
    }
  }

  private Optional<Transaction> signed(PeerChannel channel) {
    return new ChannelMachine(driver.apply(channel.keyIndex()))
            .on(
                channel.leg().penalty().orElseThrow(),
                new ChannelEvent.CloseUnilaterally("kept for later"))
            .actions()
            .stream()
            .filter(ChannelAction.Broadcast.class::isInstance)
            .map(action -> ((ChannelAction.Broadcast) action).transaction())
            .findFirst();
  }

  Optional<Transaction> transaction() {
    return kept;
  }
}
