package chargepile.agent.sim;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.PileNode;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.OrderRule;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pile of a simulation. */
final class PileParty extends Party {
  static final MilliWattHours CREDIT = new MilliWattHours(4_000);
  static final Duration GRACE = Duration.ofSeconds(30);
  static final Amount PRICE = new Amount(100_000_000);

  private static PileSettings settings(MeterSettings meter) {
    return new PileSettings(
        meter,
        PlausibilityLimits.of(meter),
        new Tariff(7, PRICE, new Amount(50_000_000), Amount.ZERO),
        new Exposure(CREDIT, CREDIT),
        Set.of(Direction.IMPORT),
        PileSettings.Switching.USUAL,
        Duration.ofSeconds(120),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        Duration.ofSeconds(60),
        new MilliWattHours(5_000),
        true,
        true,
        GRACE);
  }

  private @Nullable PileNode node;
  private Pile before = Pile.fresh(settings(MeterSettings.s0(World.IMP_PER_KWH, 11_000)));
  private boolean hung;

  PileParty(World world, Deviation deviation) {
    super(Who.PILE, world, deviation);
  }

  @Override
  void begin(Surroundings around) {
    node = null;
    PileNode next =
        new PileNode(
            new PileNode.Parts(
                new FragileHardware(program, world.socket, () -> {}),
                fragileBus(),
                TOPICS,
                new NodeLedger.Bitcoin(chain(), wallet(), channelSettings(), home),
                store(),
                around,
                keys,
                settings(MeterSettings.s0(deviation.impPerKwh(), 11_000)),
                identity(),
                true),
            this::reached,
            payment -> world.payments.of(payment.paymentHash()).isPresent());
    node = next;
    before = next.state();
    next.start();
  }

  private void reached(PileTransition transition) {
    OrderRule.check(before, transition);
    before = transition.next();
    transition.actions().stream()
        .filter(PileAction.Send.class::isInstance)
        .forEach(action -> world.said(((PileAction.Send) action).messages()));
    transition.actions().stream()
        .filter(PileAction.Alert.class::isInstance)
        .map(action -> ((PileAction.Alert) action).text())
        .filter(text -> text.startsWith("settlement certificate of "))
        .forEach(text -> world.invariants.told(who, text));
    PeerChannel known = transition.next().channels().get(world.driver.keys.nodeId());
    if (known != null) {
      reached(known);
    }
    transition
        .next()
        .session()
        .ifPresent(
            session -> {
              long most = CREDIT.value() + 2_000;
              // A program that hangs can't open the contactor; that is the watchdog's work. One
              // that is welded nobody can open.
              if (!hung && !world.disturbances.welded() && session.maxUnpaid().value() > most) {
                throw new Violation(
                    "the pile let %d mWh flow unpaid, %d at most"
                        .formatted(session.maxUnpaid().value(), most));
              }
            });
  }

  @Override
  void hang(Duration time) {
    hung = true;
    super.hang(time);
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
    PublicKey peer = world.driver.keys.nodeId();
    return node == null ? Optional.empty() : Optional.ofNullable(node.state().channels().get(peer));
  }

  @Override
  void htlc(ChannelEvent.HtlcCommand command) {
    command(new OperatorCommand.Htlc(world.driver.keys.nodeId(), command));
  }

  @Override
  void stopSession() {
    command(new OperatorCommand.Stop("enough"));
  }

  void command(OperatorCommand command) {
    if (node != null && !program.isDead()) {
      var unused = node.command(command);
    }
  }

  boolean isSessionOver() {
    return node == null
        || node.state().session().map(s -> s.phase() instanceof Phase.Ended).orElse(true);
  }

  /** What the registers say, in mWh. */
  long register() {
    return node == null ? 0 : node.state().meter().registers().importEnergy().value();
  }
}
