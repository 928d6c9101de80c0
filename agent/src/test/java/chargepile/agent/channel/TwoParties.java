package chargepile.agent.channel;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.MessageCodec;
import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * A pile and a driver with a channel machine each, a link that the test can cut, and a chain. Every
 * message goes through its wire form, every stored state through its bytes.
 */
class TwoParties implements AutoCloseable {
  static final Signer SIGNER = Signer.best();
  static final SessionId SESSION =
      new SessionId(new ByteVector("000102030405060708090a0b0c0d0e0f"));
  static final Satoshi CAPACITY = new Satoshi(1_000_000);
  static final int DELAY = 50;
  static final int DEPTH = 3;
  static final int FINAL = 6;

  final DrivenChain ledger;
  final int delay;
  final Party pile;
  final Party driver;
  final List<ChannelMessage> said = new ArrayList<>();
  boolean linked;

  TwoParties(DrivenChain ledger) {
    this(ledger, DELAY);
  }

  /**
   * @param delay the {@code to_self_delay} of both
   */
  TwoParties(DrivenChain ledger, int delay) {
    this.ledger = ledger;
    this.delay = delay;
    pile = new Party("pile", true, ledger.wallet("pile"), ledger.unusedScript("pile"));
    driver = new Party("driver", false, ledger.wallet("driver"), ledger.unusedScript("driver"));
  }

  /** Another channel of the same two, with the same wallets and on the same chain. */
  TwoParties(TwoParties first) {
    ledger = first.ledger;
    delay = first.delay;
    pile = new Party("pile", true, first.pile.wallet, first.pile.home);
    driver = new Party("driver", false, first.driver.wallet, first.driver.home);
  }

  /** One side: its state as in memory, its state as stored, and what came out. */
  final class Party {
    final String name;
    final ByteVector32 seed;
    final Wallet wallet;
    final ChannelMachine machine;
    final ByteVector home;
    Channel state = Channel.NEW;
    Channel stored = Channel.NEW;
    final Deque<ChannelMessage> inbox = new ArrayDeque<>();
    final List<ChannelNotice> notices = new ArrayList<>();
    final List<String> alerts = new ArrayList<>();
    final List<Channel> states = new ArrayList<>(List.of(Channel.NEW));
    final InstantErrands errands;

    Party(String name, boolean metering, Wallet wallet, ByteVector home) {
      this.name = name;
      this.seed = new ByteVector32(Crypto.sha256(name.getBytes(StandardCharsets.UTF_8)));
      this.wallet = wallet;
      this.home = home;
      this.errands = new InstantErrands(ledger, wallet, this::on);
      this.machine =
          new ChannelMachine(
              new ChannelContext(
                  SIGNER, ChannelKeys.derive(seed, 0), 0, settings(), metering, home));
      ledger.fund(wallet.freshScript(), new Satoshi(5_000_000));
    }

    Party other() {
      return this == pile ? driver : pile;
    }

    void on(ChannelEvent event) {
      ChannelTransition transition = machine.on(state, event);
      boolean durable = false;
      state = transition.next();
      states.add(state);
      for (ChannelAction action : transition.actions()) {
        switch (action) {
          case ChannelAction.Store store -> {
            stored = ChannelCodec.decode(ChannelCodec.encode(state));
            if (!stored.equals(state.with(Link.DOWN))) {
              throw new AssertionError("state does not survive its bytes: " + state);
            }
            durable = true;
          }
          case ChannelAction.Send send -> {
            requireDurable(durable, action);
            send.messages().forEach(this::deliver);
          }
          case ChannelAction.Remember revoked -> errands.remember(revoked);
          case ChannelAction.Errand errand -> {
            if (errand instanceof ChannelAction.Broadcast
                || errand instanceof ChannelAction.BroadcastPackage) {
              requireDurable(durable, action);
            }
            errands.run(errand);
          }
          case ChannelAction.Notify notify -> notices.add(notify.notice());
          case ChannelAction.Alert alert -> alerts.add(alert.text());
        }
      }
    }

    private void requireDurable(boolean durable, ChannelAction action) {
      if (!durable) {
        throw new AssertionError(name + " acts before it stores: " + action);
      }
    }

    private void deliver(ChannelMessage message) {
      if (linked) {
        ChannelMessage heard = throughTheWire(message);
        if (!heard.equals(message)) {
          throw new AssertionError("message does not survive its bytes: " + message);
        }
        said.add(heard);
        other().inbox.add(heard);
      }
    }

    private static ChannelMessage throughTheWire(ChannelMessage message) {
      try {
        return MessageCodec.decode(MessageCodec.encode(message)).orElseThrow();
      } catch (MalformedMessageException e) {
        throw new AssertionError("an own message can't be read again: " + message, e);
      }
    }

    /** Hears the next message, if there is one. */
    boolean hear() {
      ChannelMessage message = inbox.poll();
      if (message == null) {
        return false;
      }
      on(new ChannelEvent.Received(message));
      return true;
    }

    ChannelKeys keys() {
      return ChannelKeys.derive(seed, 0);
    }

    /** Looks at the chain until there is nothing new to say. */
    void look() {
      Watches watched;
      Stage before;
      do {
        watched = errands.watches();
        before = state.stage();
        on(new ChannelEvent.ChainChanged(errands.view()));
      } while (!watched.equals(errands.watches()) || !before.equals(state.stage()));
    }

    /** The program is killed and started again: only what was stored is left. */
    void restart() {
      state = stored;
      inbox.clear();
      errands.watch(Watching.of(state.stage()));
    }

    Commitments commitments() {
      return state.commitments().orElseThrow();
    }

    /** The own balance in the own commitment. */
    Amount balance() {
      return commitments().local().allocation().spec().toLocal();
    }

    boolean has(Class<? extends ChannelNotice> kind) {
      return notices.stream().anyMatch(kind::isInstance);
    }

    /** What came home on the chain, mined or not. */
    Satoshi home() {
      return ledger.balance(home);
    }

    /** The own commitment transaction as it could be published now. */
    Transaction signedCommitment() {
      ChannelTransition closed = machine.on(state, new ChannelEvent.CloseUnilaterally("test"));
      return closed.actions().stream()
          .filter(ChannelAction.Broadcast.class::isInstance)
          .map(action -> ((ChannelAction.Broadcast) action).transaction())
          .findFirst()
          .orElseThrow();
    }
  }

  ChannelSettings settings() {
    return new ChannelSettings(
        ledger.genesis().value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        delay,
        2016,
        DEPTH,
        FINAL,
        new Amount(1000),
        new Amount(500_000_000),
        30);
  }

  void connect() {
    linked = true;
    pile.on(new ChannelEvent.Connected());
    driver.on(new ChannelEvent.Connected());
  }

  void disconnect() {
    linked = false;
    pile.inbox.clear();
    driver.inbox.clear();
    pile.on(new ChannelEvent.Disconnected());
    driver.on(new ChannelEvent.Disconnected());
  }

  /** Delivers one message, if there is one. */
  boolean step() {
    return pile.hear() || driver.hear();
  }

  void run() {
    while (step()) {}
  }

  void mine(int blocks) {
    for (int i = 0; i < blocks; i++) {
      ledger.mine(1);
      pile.look();
      driver.look();
      run();
    }
  }

  /** Opens a channel and brings it into use. */
  TwoParties open(Party funder, Amount push) {
    connect();
    funder.on(
        new ChannelEvent.Open(new ChannelId(ByteVector32.One), CAPACITY, push, new Feerate(2500)));
    run();
    mine(DEPTH);
    return this;
  }

  /**
   * Offers an HTLC and lets both sign.
   *
   * @param blocks until its timeout
   */
  void offer(Party offerer, long satoshi, ByteVector32 preimage, int blocks) {
    offerer.on(
        new ChannelEvent.AddHtlc(
            new Satoshi(satoshi).toAmount(),
            preimage.sha256(),
            tip() + blocks,
            new ByteVector(new byte[1366])));
    run();
  }

  int tip() {
    return ledger.view(Set.of(), Set.of()).tip().value();
  }

  /** Claims the totals of the session and lets both sign. */
  void charge(long wattHours, long millisatoshi) {
    claim(Direction.IMPORT, wattHours, millisatoshi);
    run();
  }

  void claim(Direction direction, long wattHours, long millisatoshi) {
    pile.on(
        new ChannelEvent.ClaimEnergy(
            SESSION,
            direction,
            MilliWattHours.ofWattHours(wattHours),
            wattHours * 1000,
            new Amount(millisatoshi),
            7,
            ByteVector.empty));
  }

  OutPoint funding() {
    return pile.commitments().funding();
  }

  @Override
  public void close() {
    ledger.close();
  }
}
