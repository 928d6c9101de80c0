package chargepile.agent.session;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.ChannelAction;
import chargepile.agent.crypto.MeterKey;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.ocmf.MeterSigner;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.session.pile.PileContext;
import chargepile.agent.session.pile.PileDocument;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileMachine;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.session.pile.SealedMeter;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.voucher.VoucherAction;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pile's runtime in the simulation. */
final class PileSide {
  static final PublicKey DRIVER =
      SessionWorld.SIGNER.publicKey(new PrivateKey(SessionWorld.seed("driver node")));

  static final SealedMeter METER =
      new SealedMeter(
          new MeterSigner(SessionWorld.SIGNER, MeterKey.derive(SessionWorld.seed("pile"))), "p");

  private final SessionWorld world;
  private PileSettings settings;
  private PileMachine machine;
  private final TestLedger.Desk desk;
  private final Legs legs;
  Pile state;
  private byte[] storedPile;
  private final Map<Long, byte[]> storedChannels = new HashMap<>();
  private final Map<TimerId, Long> timers = new HashMap<>();
  private long timerNumbers;
  final List<String> journal = new ArrayList<>();
  final List<String> alerts = new ArrayList<>();

  /** Whether it asked the ledger to close a channel without its peer. */
  boolean closesAlone;

  final List<PeerMessage> said = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();
  final List<PileAction.Answer> answers = new ArrayList<>();
  final List<PileDocument> documents = new ArrayList<>();
  final List<SignedSettlement> settlements = new ArrayList<>();
  private final Optional<Office> office;
  private int programs;
  int closings;

  PileSide(SessionWorld world, PileSettings settings, Legs legs, Optional<Office> office) {
    this.world = world;
    this.office = office;
    this.settings = settings;
    this.legs = legs;
    this.machine = machine();
    this.desk = world.ledger.desk("pile", report -> on(new PileEvent.Reported(DRIVER, report)));
    this.state = Pile.fresh(settings);
    this.storedPile = PileCodec.encode(state);
    on(new PileEvent.Restarted());
  }

  private PileMachine machine() {
    return new PileMachine(
        new PileContext(
            settings, legs, Optional.of(METER), AwaitedPayments.NONE, Office.ofPile(office)));
  }

  void on(PileEvent event) {
    PileTransition transition = machine.on(state, event, world.now());
    OrderRule.check(state, transition);
    state = transition.next();
    transition.actions().forEach(this::carryOut);
  }

  private void carryOut(PileAction action) {
    switch (action) {
      case PileAction.SwitchContactor(boolean closed) -> {
        closings += closed ? 1 : 0;
        world.meter.command(closed);
      }
      case PileAction.Store store -> store(store);
      case PileAction.Send(var node, var messages) -> {
        said.addAll(messages);
        world.carry(SessionWorld.Way.TO_DRIVER, messages, world.driver::hear);
      }
      case PileAction.Ask(var task) ->
          Office.work(
              office, world, () -> programs, task, answer -> on(new PileEvent.Notarised(answer)));
      case PileAction.Errand(_, var errand) -> {
        closesAlone |= isClosingAlone(errand);
        desk.run(errand);
      }
      case PileAction.SetTimer(var timer, var after) -> {
        long number = timerNumbers++;
        timers.put(timer, number);
        world.after(
            after,
            () -> {
              if (timers.remove(timer, number)) {
                on(new PileEvent.TimerFired(timer));
              }
            });
      }
      case PileAction.CancelTimer(var timer) -> timers.remove(timer);
      case PileAction.Answer answer -> answers.add(answer);
      case PileAction.Alert(String text) -> alerts.add(text);
      case PileAction.ShowLight _ -> {}
      case PileAction.Publish(var document) -> documents.add(document);
    }
  }

  private void store(PileAction.Store store) {
    journal.add(store.event());
    receipts.addAll(store.receipts().values());
    store.settlements().values().forEach(file -> settlements.add(Office.read(file)));
    storedPile = PileCodec.encode(state);
    for (PublicKey node : store.channels()) {
      PeerChannel channel = requireNonNull(state.channels().get(node));
      if (channel.leg().signed().isPresent()) {
        storedChannels.put(channel.keyIndex(), PeerChannelCodec.encode(channel));
      }
    }
    assertArrayEquals(storedPile, PileCodec.encode(stored()), "a stored pile reads as it was");
  }

  private Pile stored() {
    return PileCodec.decode(
        storedPile,
        settings,
        (_, index) -> {
          byte[] channel = storedChannels.get(index);
          return channel == null ? legs.fresh() : PeerChannelCodec.decode(channel).leg();
        });
  }

  /** The program is killed and started again: only what was stored is left. */
  void restart() {
    world.disconnect();
    programs++;
    timers.clear();
    state = stored();
    world.meter.command(false);
    on(new PileEvent.Restarted());
    on(new PileEvent.PlugChanged(true));
  }

  PileSettings settings() {
    return settings;
  }

  /** The same, and somebody has edited the configuration. */
  void restart(PileSettings edited) {
    settings = edited;
    machine = machine();
    restart();
  }

  void connected() {
    on(new PileEvent.PeerConnected(DRIVER));
  }

  void disconnected() {
    on(new PileEvent.PeerDisconnected(DRIVER));
  }

  void hear(List<PeerMessage> messages) {
    on(new PileEvent.PeerSaid(DRIVER, messages));
  }

  void plug(boolean plugged) {
    on(new PileEvent.PlugChanged(plugged));
  }

  void command(OperatorCommand command) {
    on(new PileEvent.Commanded(answers.size(), command));
  }

  private static boolean isClosingAlone(LegAction.Errand errand) {
    return switch (errand) {
      case LegAction.OnBitcoin(var wanted) ->
          wanted instanceof ChannelAction.Broadcast(_, String purpose)
              && purpose.contains("commitment");
      case LegAction.OnEvm(var wanted) -> wanted instanceof VoucherAction.RequestClose;
    };
  }

  void look() {
    desk.look();
  }

  PileSession session() {
    return state.session().orElseThrow();
  }

  boolean isEnded() {
    return state.session().filter(s -> s.phase() instanceof Phase.Ended).isPresent();
  }

  StopReason reason() {
    assertTrue(session().phase() instanceof Phase.Stopped, () -> session().phase().toString());
    return ((Phase.Stopped) session().phase()).reason();
  }

  MilliWattHours delivered(Direction direction) {
    return session().delivered(direction, state.meter().registers());
  }

  <T extends PileDocument> List<T> published(Class<T> kind) {
    return documents.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  SessionTotals paid() {
    return state.leg(DRIVER).paid(session().id());
  }
}
