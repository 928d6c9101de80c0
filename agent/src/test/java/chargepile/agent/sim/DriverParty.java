package chargepile.agent.sim;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.runtime.DriverNode;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.session.OrderRule;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The driver of a simulation. */
final class DriverParty extends Party {
  static final Satoshi CAPACITY = new Satoshi(100_000);

  private static DriverPolicy policy(Amount push) {
    return new DriverPolicy(
        PileParty.PRICE,
        Amount.ZERO,
        new Amount(50_000_000),
        PileParty.CREDIT,
        Set.of(Direction.IMPORT),
        Limits.NONE,
        new MilliWattHours(4_000),
        Optional.of(new DriverPolicy.Funding(CAPACITY, push, new Feerate(1000))),
        Duration.ofSeconds(120),
        Duration.ofSeconds(300),
        PileParty.GRACE);
  }

  private final DriverPolicy policy;
  private @Nullable DriverNode node;

  DriverParty(World world, Deviation deviation) {
    super(Who.DRIVER, world, deviation);
    // With money of its own the pile offers HTLCs too.
    this.policy = policy(world.random.nextInt(3) == 0 ? new Amount(20_000_000) : Amount.ZERO);
  }

  @Override
  void begin(Surroundings around) {
    node = null;
    DriverNode next =
        new DriverNode(
            new DriverNode.Parts(
                fragileBus(),
                TOPICS,
                world.pile.keys.nodeId(),
                new NodeLedger.Bitcoin(chain(), wallet(), channelSettings(), home),
                store(),
                around,
                keys,
                policy,
                identity()),
            this::reached,
            payment -> world.payments.of(payment.paymentHash()).isPresent());
    node = next;
    next.start();
  }

  private void reached(DriverTransition transition) {
    OrderRule.check(transition);
    transition.actions().stream()
        .filter(DriverAction.Send.class::isInstance)
        .forEach(action -> world.said(((DriverAction.Send) action).messages()));
    transition.actions().stream()
        .filter(DriverAction.Tell.class::isInstance)
        .map(action -> ((DriverAction.Tell) action).notice())
        .filter(DriverNotice.SettlementNotSigned.class::isInstance)
        .forEach(notice -> world.invariants.told(who, notice.toString()));
    reached(transition.next().channel());
  }

  @Override
  void closeNode() {
    if (node != null) {
      node.close();
    }
  }

  @Override
  Optional<RuntimeException> failure() {
    return node == null ? Optional.empty() : node.failure();
  }

  @Override
  Optional<PeerChannel> channel() {
    return node == null ? Optional.empty() : Optional.of(node.state().channel());
  }

  @Override
  void htlc(ChannelEvent.HtlcCommand command) {
    command(new DriverCommand.Htlc(command));
  }

  @Override
  void stopSession() {
    command(new DriverCommand.Stop());
  }

  void command(DriverCommand command) {
    if (node != null && !program.isDead()) {
      node.command(command);
    }
  }
}
