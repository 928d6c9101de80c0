package chargepile.agent.voucher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.VoucherChannel.Link;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A driver and a pile with a link between them and a chain behind them. Every state goes through
 * its bytes and every message through its wire form; every list of actions must store before it
 * acts.
 */
final class VoucherPair {
  static final Signer SIGNER = Signer.best();
  static final Domain DOMAIN =
      new Domain(31337, EvmAddress.of("0x5fbdb2315678afecb367f032d93f642f64180aa3"));
  static final EvmAddress TOKEN = EvmAddress.of("0xe7f1725e7734ce288f8367e1bb143e90bb3f0512");
  static final Duration CHALLENGE = Duration.ofHours(1);
  static final long MONEY = 1_000_000;
  static final SessionId SESSION =
      new SessionId(new ByteVector("00112233445566778899aabbccddeeff"));

  final VoucherLedger ledger;
  final Party driver;
  final Party pile;
  boolean linked;

  VoucherPair() {
    driver = new Party("driver", 0xd1, false);
    pile = new Party("pile", 0xb1, true);
    ledger = new VoucherLedger(SIGNER, Map.of(driver.address, MONEY, pile.address, MONEY));
  }

  /** Two that meet on a chain where there are others. */
  VoucherPair(VoucherLedger ledger, int driver, int pile) {
    this.ledger = ledger;
    this.driver = new Party("driver %x".formatted(driver), driver, false);
    this.pile = new Party("pile %x".formatted(pile), pile, true);
  }

  static EvmAddress address(int key) {
    return new VoucherContext(SIGNER, key(key), settings(), false).address();
  }

  static VoucherSettings settings() {
    return new VoucherSettings(
        DOMAIN,
        TOKEN,
        CHALLENGE,
        Duration.ofMinutes(30),
        Duration.ofDays(7),
        new Amount(1000),
        Duration.ofMinutes(10),
        Duration.ofSeconds(VoucherLedger.MAX_LOCK));
  }

  static PrivateKey key(int number) {
    return new PrivateKey(new ByteVector32("%064x".formatted(number)));
  }

  static EnergyClaim claim(Direction direction, long energy, long amount) {
    return new EnergyClaim(
        SESSION,
        direction,
        new MilliWattHours(energy),
        energy,
        new Amount(amount),
        7,
        new ByteVector("cafe"));
  }

  /** One side: a machine, its state, what is stored of it, and what it said. */
  final class Party {
    final String name;
    final PrivateKey key;
    final EvmAddress address;
    final VoucherMachine machine;
    VoucherChannel state = VoucherChannel.NEW;
    byte[] stored = VoucherChannelCodec.encode(VoucherChannel.NEW);
    final Deque<byte[]> said = new ArrayDeque<>();
    final List<VoucherNotice> told = new ArrayList<>();
    final List<String> alerts = new ArrayList<>();
    final List<VoucherChannel> states = new ArrayList<>();
    final List<SignedVoucher> received = new ArrayList<>();

    /** By number, what was signed: one content only. */
    final Map<Long, Voucher> signed = new HashMap<>();

    /** By number, what was signed under a lock. */
    final Map<Long, ConditionalVoucher> locked = new HashMap<>();

    /** The peer's locks by id whose preimage was known and stored with time to spare. */
    final Set<Long> won = new HashSet<>();

    /** What the ledger was asked for and has yet to say. */
    final Set<ByteVector32> questions = new LinkedHashSet<>();

    /** The claims that the session would refuse. */
    boolean refusesClaims;

    /** Whether this side does anything on the chain. */
    boolean actsOnChain = true;

    /** What the ledger has yet to say of an opening that was given up. */
    boolean openingFailed;

    /** Dies after so many actions of the next list; negative for never. */
    int diesAfter = -1;

    Party(String name, int key, boolean metering) {
      this.name = name;
      this.key = key(key);
      var context = new VoucherContext(SIGNER, this.key, settings(), metering);
      this.address = context.address();
      this.machine = new VoucherMachine(context);
    }

    Party peer() {
      return this == driver ? pile : driver;
    }

    VoucherBook book() {
      return state.book().orElseThrow();
    }

    VoucherStanding standing() {
      return new VoucherStanding(state);
    }

    void on(VoucherEvent event) {
      VoucherTransition transition = machine.on(state, event);
      check(transition, event);
      state = transition.next();
      states.add(state);
      int left = diesAfter;
      diesAfter = -1;
      for (VoucherAction action : transition.actions()) {
        if (left == 0) {
          die();
          return;
        }
        left--;
        carryOut(action);
      }
    }

    private void check(VoucherTransition transition, VoucherEvent event) {
      boolean safe = false;
      for (VoucherAction action : transition.actions()) {
        safe |= action instanceof VoucherAction.Store;
        boolean acts =
            action instanceof VoucherAction.Send || action instanceof VoucherAction.Errand;
        assertTrue(safe || !acts, () -> event + " acts before it stores: " + transition);
      }
      VoucherChannel next = transition.next();
      VoucherChannel read = VoucherChannelCodec.decode(VoucherChannelCodec.encode(next));
      assertEquals(next.stage(), read.stage(), "the state survives its bytes");
      assertEquals(Link.DOWN, read.link());
    }

    private void carryOut(VoucherAction action) {
      switch (action) {
        case VoucherAction.Store _ -> store();
        case VoucherAction.Send(var messages) -> messages.forEach(this::say);
        case VoucherAction.Watch _ -> {}
        case VoucherAction.AbandonOpening(var setup) -> openingFailed = ledger.takeBack(setup);
        case VoucherAction.AskPreimage(_, var hashlock) -> questions.add(hashlock);
        case VoucherAction.Errand errand -> {
          if (actsOnChain) {
            ledger.send(address, errand);
          }
        }
        case VoucherAction.Notify(var notice) -> told.add(notice);
        case VoucherAction.Alert(String text) -> alerts.add(text);
      }
    }

    private void store() {
      Optional<Lock> taken = VoucherChannelCodec.decode(stored).book().flatMap(VoucherBook::taken);
      stored = VoucherChannelCodec.encode(state);
      state.book().ifPresent(book -> keepWon(taken, book));
      state
          .book()
          .flatMap(VoucherBook::sent)
          .ifPresent(
              sent -> {
                Voucher before = signed.put(sent.voucher().seq(), sent.voucher());
                assertTrue(
                    before == null || before.equals(sent.voucher()),
                    () -> name + " signed number %d twice".formatted(sent.voucher().seq()));
              });
      state
          .book()
          .flatMap(book -> book.own().lock())
          .ifPresent(
              lock -> {
                ConditionalVoucher before = locked.put(lock.voucher().seq(), lock.voucher());
                assertTrue(
                    before == null || before.equals(lock.voucher()),
                    () -> name + " signed lock %d twice".formatted(lock.voucher().seq()));
              });
      state
          .book()
          .flatMap(VoucherBook::received)
          .filter(last -> received.isEmpty() || !received.getLast().equals(last))
          .ifPresent(received::add);
    }

    /** A lock that was won is not let go of before it is paid. */
    private void keepWon(Optional<Lock> before, VoucherBook book) {
      book.taken()
          .filter(lock -> lock.preimage().isPresent())
          .filter(lock -> lock.expiry() - book.time() > 2 * settings().closingTime().toSeconds())
          .ifPresent(lock -> won.add(lock.id()));
      before
          .filter(lock -> actsOnChain && won.contains(lock.id()))
          .filter(lock -> book.taken().filter(now -> now.id() == lock.id()).isEmpty())
          .ifPresent(
              lock ->
                  assertTrue(
                      book.peer().total().compareTo(lock.voucher().cumulative()) >= 0,
                      () -> "%s lost lock %d: %s".formatted(name, lock.id(), state)));
    }

    private void say(VoucherMessage message) {
      if (linked) {
        said.add(VoucherMessageCodec.encode(message));
      }
    }

    /** Begins anew from what is stored; the link goes with it. */
    void die() {
      questions.clear();
      state = VoucherChannelCodec.decode(stored);
      disconnect();
    }

    void hear(byte[] bytes) {
      VoucherMessage message;
      try {
        message = VoucherMessageCodec.decode(bytes);
      } catch (MalformedMessageException e) {
        throw new AssertionError(e);
      }
      if (message instanceof VoucherRequest && refusesClaims && standing().isUsable()) {
        on(new VoucherEvent.Refuse("not agreed to"));
      } else {
        on(new VoucherEvent.Received(message));
      }
    }

    void look() {
      if (openingFailed) {
        openingFailed = false;
        on(new VoucherEvent.OpenFailed("given up"));
      }
      Watching.of(state.stage())
          .ifPresent(setup -> on(new VoucherEvent.ChainChanged(ledger.view(setup))));
    }

    /** The chain's answers to what was asked, which take their time. */
    void hearAnswers() {
      List<ByteVector32> asked = List.copyOf(questions);
      questions.clear();
      asked.forEach(hashlock -> on(ledger.preimage(hashlock)));
    }

    <T extends VoucherNotice> Optional<T> last(Class<T> kind) {
      return told.stream().filter(kind::isInstance).map(kind::cast).reduce((_, later) -> later);
    }

    <S extends VoucherStage> S stage(Class<S> kind) {
      assertTrue(kind.isInstance(state.stage()), () -> name + " is in " + state.stage());
      return kind.cast(state.stage());
    }

    /** What this side must get at the end, by what it has stored. */
    Amount due() {
      return Findings.leastPayout(VoucherChannelCodec.decode(stored).book().orElseThrow());
    }
  }

  void connect() {
    disconnect();
    linked = true;
    driver.on(new VoucherEvent.Connected());
    pile.on(new VoucherEvent.Connected());
  }

  /** What is on its way is lost. */
  void disconnect() {
    boolean was = linked;
    linked = false;
    driver.said.clear();
    pile.said.clear();
    if (was) {
      driver.on(new VoucherEvent.Disconnected());
      pile.on(new VoucherEvent.Disconnected());
    }
  }

  /** Delivers the next message of a side; false when there is none. */
  boolean deliver(Party from) {
    byte[] message = from.said.poll();
    if (message == null) {
      return false;
    }
    from.peer().hear(message);
    return true;
  }

  void run() {
    boolean said;
    do {
      said = deliver(driver);
      said |= deliver(pile);
    } while (said);
  }

  void block() {
    block(VoucherLedger.BLOCK_SECONDS);
  }

  void block(long seconds) {
    ledger.mine(seconds);
    driver.look();
    pile.look();
    run();
    driver.hearAnswers();
    pile.hearAnswers();
    run();
  }

  void blocks(int count) {
    for (int i = 0; i < count; i++) {
      block();
    }
  }

  /** A usable channel with a deposit of the opener's. */
  VoucherPair open(Party opener, long deposit) {
    connect();
    opener.on(new VoucherEvent.Open(7, new Amount(deposit)));
    run();
    blocks(1 + VoucherLedger.FINALITY);
    assertTrue(driver.standing().isUsable() && pile.standing().isUsable());
    return this;
  }

  /** The pile claims, and all is said. */
  void charge(Direction direction, long energy, long amount) {
    pile.on(new VoucherEvent.ClaimEnergy(claim(direction, energy, amount)));
    run();
  }

  /** A side pays under a lock that expires after so many seconds, and all is said. */
  void lock(Party payer, long amount, long seconds) {
    payer.on(
        new VoucherEvent.AddHtlc(
            new Amount(amount),
            VoucherStates.PREIMAGE.sha256(),
            ledger.time() + seconds,
            new ByteVector("0bad")));
    run();
  }

  /** Past a challenge period that runs by now, within which both look at the chain. */
  void settle() {
    block();
    block();
    for (int i = 0; i < 14; i++) {
      block(CHALLENGE.toSeconds() / 12); // shorter than what is left of a lock that is urgent
    }
    blocks(2 + VoucherLedger.FINALITY);
  }
}
