package chargepile.agent.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverContext;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverMachine;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.leg.Legs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The driver's runtime in the simulation. */
final class DriverSide {
  private final SessionWorld world;
  private final DriverMachine machine;
  private final TestLedger.Desk desk;
  private final Legs legs;
  Driver state;

  /** Kept of ended sessions, in this order. */
  final List<Receipt> receipts = new ArrayList<>();

  private byte[] storedDriver;
  private final Map<Long, byte[]> storedChannels = new HashMap<>();
  private final Map<TimerId, Long> timers = new HashMap<>();
  private long timerNumbers;
  final List<DriverNotice> notices = new ArrayList<>();
  final List<String> alerts = new ArrayList<>();
  final List<SignedSettlement> settlements = new ArrayList<>();
  private final Optional<Office> office;
  private int programs;
  boolean mute;

  DriverSide(SessionWorld world, DriverPolicy policy, Legs legs, Optional<Office> office) {
    this.world = world;
    this.office = office;
    this.machine =
        new DriverMachine(
            new DriverContext(
                policy,
                legs,
                new BouncyCastleSigner(),
                AwaitedPayments.NONE,
                Office.ofDriver(office)));
    this.desk = world.ledger.desk("driver", report -> on(new DriverEvent.Reported(report)));
    this.state = Driver.recovered(new PeerChannel(0, legs.fresh()));
    this.storedDriver = DriverCodec.encode(state);
    this.legs = legs;
  }

  void on(DriverEvent event) {
    DriverTransition transition = machine.on(state, event, world.now());
    OrderRule.check(transition);
    state = transition.next();
    transition.actions().forEach(this::carryOut);
  }

  private void carryOut(DriverAction action) {
    switch (action) {
      case DriverAction.Store store -> {
        storedDriver = DriverCodec.encode(state);
        receipts.addAll(store.receipts());
        store.settlements().values().forEach(file -> settlements.add(Office.read(file)));
        if (store.channel() && state.channel().leg().signed().isPresent()) {
          storedChannels.put(state.channel().keyIndex(), PeerChannelCodec.encode(state.channel()));
        }
        assertArrayEquals(storedDriver, DriverCodec.encode(stored()));
      }
      case DriverAction.Send(var messages) -> {
        if (!mute) {
          world.carry(SessionWorld.Way.TO_PILE, messages, world.pile::hear);
        }
      }
      case DriverAction.Ask(var task) ->
          Office.work(
              office, world, () -> programs, task, answer -> on(new DriverEvent.Notarised(answer)));
      case DriverAction.Errand(var errand) -> desk.run(errand);
      case DriverAction.SetTimer(var timer, var after) -> {
        long number = timerNumbers++;
        timers.put(timer, number);
        world.after(
            after,
            () -> {
              if (timers.remove(timer, number)) {
                on(new DriverEvent.TimerFired(timer));
              }
            });
      }
      case DriverAction.CancelTimer(var timer) -> timers.remove(timer);
      case DriverAction.Tell(var notice) -> notices.add(notice);
      case DriverAction.Alert(String text) -> alerts.add(text);
    }
  }

  private Driver stored() {
    return DriverCodec.decode(
        storedDriver,
        index -> {
          byte[] channel = storedChannels.get(index);
          return channel == null ? legs.fresh() : PeerChannelCodec.decode(channel).leg();
        });
  }

  void restart() {
    world.disconnect();
    programs++;
    timers.clear();
    state = stored();
    on(new DriverEvent.Restarted());
  }

  void connected() {
    on(new DriverEvent.PileConnected());
  }

  void disconnected() {
    on(new DriverEvent.PileDisconnected());
  }

  void hear(List<PeerMessage> messages) {
    on(new DriverEvent.PileSaid(messages));
  }

  void command(DriverCommand command) {
    on(new DriverEvent.Commanded(command));
  }

  void look() {
    desk.look();
  }

  SessionTotals paid() {
    return state.channel().leg().paid(state.session().orElseThrow().id());
  }

  <T extends DriverNotice> List<T> told(Class<T> kind) {
    return notices.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
