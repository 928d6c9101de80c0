package chargepile.agent.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.channel.Channel;
import chargepile.agent.channel.SessionTotals;
import chargepile.agent.channel.Watches;
import chargepile.agent.channel.codec.ChannelCodec;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** The driver's runtime in the simulation. */
final class DriverSide {
  private final SessionWorld world;
  private final DriverMachine machine;
  private final EmbeddedWallet wallet;
  Driver state = Driver.fresh(0);
  private byte[] storedDriver = DriverCodec.encode(state);
  private final Map<Long, byte[]> storedChannels = new HashMap<>();
  private final Map<TimerId, Long> timers = new HashMap<>();
  private long timerNumbers;
  private Watches watches = Watches.NONE;
  final List<DriverNotice> notices = new ArrayList<>();
  final List<String> alerts = new ArrayList<>();
  boolean mute;

  DriverSide(SessionWorld world, DriverPolicy policy, LongFunction<ChannelLogic> channels) {
    this.world = world;
    this.machine = new DriverMachine(new DriverContext(policy, channels));
    this.wallet = world.wallet("driver");
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
        if (store.channel()) {
          storedChannels.put(
              state.channel().keyIndex(), ChannelCodec.encode(state.channel().channel()));
        }
        assertArrayEquals(storedDriver, DriverCodec.encode(stored()));
      }
      case DriverAction.Send(var messages) -> {
        if (!mute) {
          world.carry(SessionWorld.Way.TO_PILE, messages, world.pile::hear);
        }
      }
      case DriverAction.Broadcast(var transaction, String purpose) -> {
        try {
          world.chain.broadcast(transaction);
        } catch (RejectedException e) {
          alerts.add("refused by the chain: " + e.getMessage());
        }
      }
      case DriverAction.BuildFunding(var script, var amount, var feerate) ->
          on(new DriverEvent.FundingBuilt(wallet.fund(script, amount, feerate)));
      case DriverAction.AbandonFunding(var transaction) -> wallet.release(transaction);
      case DriverAction.Watch(var wanted) -> watches = wanted;
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
          return channel == null ? Channel.NEW : ChannelCodec.decode(channel);
        });
  }

  void restart() {
    world.disconnect();
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
    Watches before;
    do {
      before = watches;
      on(new DriverEvent.ChainSeen(world.view(watches)));
    } while (!before.equals(watches));
  }

  SessionTotals paid() {
    return new Standing(state.channel().channel()).paid(state.session().orElseThrow().id());
  }

  <T extends DriverNotice> List<T> told(Class<T> kind) {
    return notices.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
