package chargepile.agent.voucher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pays B through a hub, by two channels and one hash (P2-17, P1-31). The hub pays and is paid, or
 * does neither, whatever the others do with the preimage.
 */
class TwoHopTest {
  private static final ByteVector32 PREIMAGE = VoucherStates.PREIMAGE;
  private static final ByteVector32 WRONG = new ByteVector32("77".repeat(32));
  private static final long AMOUNT = 5000;
  private static final long FEE = 20;
  private static final long LOCK = 7200;
  private static final int HUB = 0xe1;

  /** Both channels, the hub in the middle. */
  private static final class World {
    final VoucherLedger ledger =
        new VoucherLedger(
            VoucherPair.SIGNER,
            Map.of(
                VoucherPair.address(0xa1), VoucherPair.MONEY,
                VoucherPair.address(HUB), VoucherPair.MONEY,
                VoucherPair.address(0xb1), VoucherPair.MONEY));
    final VoucherPair first = new VoucherPair(ledger, 0xa1, HUB);
    final VoucherPair second = new VoucherPair(ledger, HUB, 0xb1);
    final VoucherPair.Party a = first.driver;
    final VoucherPair.Party in = first.pile;
    final VoucherPair.Party out = second.driver;
    final VoucherPair.Party b = second.pile;
    final Forwarding forwarding;

    World(LockPolicy policy) {
      forwarding = new Forwarding(VoucherPair.settings(), policy, new Amount(FEE));
      first.open(a, 50_000);
      second.open(out, 50_000);
    }

    void pay() {
      a.on(
          new VoucherEvent.AddHtlc(
              new Amount(AMOUNT), PREIMAGE.sha256(), ledger.time() + LOCK, ByteVector.empty));
      run();
    }

    /** All that is said is heard, and the hub does what follows. */
    void run() {
      for (int i = 0; i < 20; i++) {
        first.run();
        second.run();
        forward();
      }
    }

    void forward() {
      Optional<VoucherBook> taken = in.state.book();
      Optional<VoucherBook> paying = out.state.book();
      if (taken.isEmpty() || paying.isEmpty()) {
        return;
      }
      forwarding
          .next(taken.get(), paying.get(), out.standing().isUsable())
          .ifPresent(
              move -> {
                switch (move) {
                  case Forwarding.Move.Back(var command) -> in.on(command);
                  case Forwarding.Move.On(var command) -> out.on(command);
                }
              });
    }

    void block(long seconds) {
      mine(seconds);
      for (VoucherPair.Party party : List.of(a, in, out, b)) {
        party.hearAnswers();
        forward();
      }
      run();
    }

    /** A block that all see, and whatever they ask of the chain then is not answered yet. */
    void mine(long seconds) {
      ledger.mine(seconds);
      for (VoucherPair.Party party : List.of(a, in, out, b)) {
        party.look();
        forward();
      }
      run();
    }

    /** A says a lock over next to nothing, as if the one before were over. */
    void offerAgain() {
      if (!(in.state.stage() instanceof Normal) || a.state.book().isEmpty()) {
        return;
      }
      var wanted =
          new VoucherEvent.AddHtlc(
              new Amount(1), WRONG.sha256(), ledger.time() + LOCK, ByteVector.empty);
      Lock lock = new LockExchange(VoucherPair.SIGNER, a.key).offer(a.book(), wanted);
      in.on(
          new VoucherEvent.Received(
              new LockOffer(in.book().id(), LockExchange.proof(lock), ByteVector.empty)));
    }

    void reveal(ByteVector32 preimage) {
      b.state
          .book()
          .flatMap(VoucherBook::taken)
          .ifPresent(lock -> b.on(new VoucherEvent.FulfillHtlc(lock.id(), preimage)));
    }

    /** Until all is settled that can be. */
    void ends() {
      for (int i = 0; i < 40; i++) {
        block(300);
      }
      for (VoucherPair.Party party : List.of(a, in, out, b)) {
        if (party.state.stage() instanceof Normal) {
          party.on(new VoucherEvent.CloseUnilaterally("the end"));
        }
      }
      for (int i = 0; i < 60; i++) {
        block(300);
      }
    }

    long balance(int key) {
      return ledger.balance(VoucherPair.address(key));
    }

    void assertPaid(long toHub, long toB) {
      assertEquals(VoucherPair.MONEY + toB, balance(0xb1), "B");
      assertEquals(VoucherPair.MONEY + toHub, balance(HUB), "the hub");
      assertEquals(VoucherPair.MONEY - toHub - toB, balance(0xa1), "A");
    }
  }

  private static LockPolicy policy(String name) {
    return name.equals("registry")
        ? new LockPolicy.Registry()
        : new LockPolicy.Decrementing(Duration.ofMinutes(40));
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "decrementing"})
  void aPaymentGoesThroughAndTheHubKeepsItsFee(String name) {
    World world = new World(policy(name));
    world.pay();
    Lock on = world.b.book().taken().orElseThrow();
    assertEquals(new Amount(AMOUNT - FEE), on.amount());
    long before = world.in.book().taken().orElseThrow().expiry() - on.expiry();
    assertEquals(name.equals("registry") ? 0 : 2400, before);
    world.reveal(PREIMAGE);
    world.run();
    for (VoucherPair.Party party : List.of(world.a, world.in, world.out, world.b)) {
      assertTrue(party.book().offered().isEmpty() && party.book().taken().isEmpty());
    }
    world.ends();
    world.assertPaid(FEE, AMOUNT - FEE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "decrementing"})
  void aPreimageThatIsDroppedPaysNobody(String name) {
    World world = new World(policy(name));
    world.pay();
    world.ends();
    world.assertPaid(0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry", "decrementing"})
  void whatBGivesBackIsGivenBackToAOnceItCanNotBeTaken(String name) {
    World world = new World(policy(name));
    world.pay();
    world.b.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    world.run();
    assertTrue(world.out.last(VoucherNotice.HtlcFailed.class).isPresent());
    assertTrue(world.in.book().taken().orElseThrow().failure().isEmpty());
    world.ends();
    world.assertPaid(0, 0);
  }

  /** B says nothing until the last moment, and then says it to the chain alone. */
  @ParameterizedTest
  @ValueSource(strings = {"registry", "decrementing"})
  void aLatePreimageOnTheChainPaysTheHubToo(String name) {
    World world = new World(policy(name));
    world.pay();
    long expiry = world.b.book().taken().orElseThrow().expiry();
    while (world.ledger.time() < expiry - 24) {
      world.block(12);
    }
    world.ledger.send(
        world.b.address,
        new VoucherAction.RegisterPreimage(world.b.book().setup(), PREIMAGE, expiry));
    for (int i = 0; i < 8; i++) {
      world.block(12);
    }
    world.ends();
    world.assertPaid(FEE, AMOUNT - FEE);
  }

  /** The preimage is public in time, but the hub has yet to be told when A says the next lock. */
  @ParameterizedTest
  @ValueSource(strings = {"registry", "decrementing"})
  void aLockIsNotLetGoOfBeforeTheChainWasAsked(String name) {
    World world = new World(policy(name));
    world.pay();
    long expiry = world.b.book().taken().orElseThrow().expiry();
    while (world.ledger.time() < expiry - 24) {
      world.block(12);
    }
    world.ledger.send(
        world.b.address,
        new VoucherAction.RegisterPreimage(world.b.book().setup(), PREIMAGE, expiry));
    world.ledger.mine(12);
    world.mine(world.in.book().taken().orElseThrow().expiry() - world.ledger.time());
    world.offerAgain();
    assertEquals(new Amount(AMOUNT), world.in.book().taken().orElseThrow().amount());
    world.in.stage(Normal.class);
    world.ends();
    world.assertPaid(FEE, AMOUNT - FEE);
  }

  /** Said to the hub alone when nothing could make it public in time any more. */
  @Test
  void aLatePreimageIsNotPaidByTheHub() {
    World world = new World(new LockPolicy.Registry());
    world.pay();
    long expiry = world.b.book().taken().orElseThrow().expiry();
    world.b.actsOnChain = false;
    while (world.ledger.time() < expiry - 24) {
      world.block(12);
    }
    world.reveal(PREIMAGE);
    world.second.run();
    assertEquals(Amount.ZERO, world.out.book().own().total());
  }

  @Test
  void aWrongPreimageIsPaidByNobody() {
    World world = new World(new LockPolicy.Registry());
    world.pay();
    world.reveal(WRONG);
    assertTrue(world.b.last(VoucherNotice.CommandRefused.class).isPresent());
    world.out.on(new VoucherEvent.Received(new LockPreimage(world.out.book().id(), 1, WRONG)));
    assertTrue(world.out.alerts.getLast().contains("does not open"));
    world.ends();
    world.assertPaid(0, 0);
  }

  /** Before there is a lock the payee says no preimage, so nobody between can use it (P1-31). */
  @Test
  void aPreimageIsNotSaidBeforeThereIsALock() {
    World world = new World(new LockPolicy.Registry());
    world.b.on(new VoucherEvent.FulfillHtlc(1, PREIMAGE));
    assertTrue(world.b.said.isEmpty());
    assertTrue(world.b.last(VoucherNotice.CommandRefused.class).isPresent());
  }

  @Test
  void whatTheHubCanNotPayOnItGivesBack() {
    World world = new World(new LockPolicy.Decrementing(Duration.ofMinutes(110)));
    world.pay();
    assertTrue(world.a.last(VoucherNotice.HtlcFailed.class).isPresent());
    assertTrue(world.b.book().taken().isEmpty());
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void theHubNeverLoses(@ForAll long seed) {
    Random random = new Random(seed);
    World world =
        new World(
            random.nextBoolean()
                ? new LockPolicy.Registry()
                : new LockPolicy.Decrementing(Duration.ofMinutes(30 + random.nextInt(30))));
    world.pay();
    long near = world.ledger.time() + random.nextInt((int) LOCK);
    while (random.nextInt(40) > 0 && world.ledger.time() < near) {
      world.block(60);
    }
    for (int i = 0; i < 150; i++) {
      step(world, random);
    }
    for (VoucherPair.Party party : List.of(world.a, world.in, world.out, world.b)) {
      party.diesAfter = -1;
    }
    world.first.connect();
    world.second.connect();
    world.ends();
    boolean paidOn = world.balance(0xb1) > VoucherPair.MONEY;
    Statistics.label("B was paid")
        .collect(paidOn)
        .coverage(runs -> runs.check(true).percentage(share -> share > 20));
    assertTrue(
        world.balance(HUB) >= VoucherPair.MONEY,
        () ->
            "the hub has %d, B %d: %s and %s"
                .formatted(
                    world.balance(HUB), world.balance(0xb1), world.in.state, world.out.state));
    assertEquals(3 * VoucherPair.MONEY, world.ledger.money());
    for (VoucherPair.Party party : List.of(world.in, world.out)) {
      assertTrue(party.state.stage() instanceof Closed, () -> party.state.toString());
    }
  }

  /** The hub dies and loses links and transactions; A and B do besides what they like. */
  private static void step(World world, Random random) {
    VoucherPair.Party anyOf = List.of(world.a, world.in, world.out, world.b).get(random.nextInt(4));
    switch (random.nextInt(29)) {
      case 0 -> world.first.connect();
      case 1 -> world.second.connect();
      case 2 -> world.first.disconnect();
      case 3 -> world.second.disconnect();
      case 4 -> anyOf.die();
      case 5 -> anyOf.diesAfter = random.nextInt(4);
      case 6 -> {
        if (random.nextInt(4) == 0) {
          world.ledger.dropTransactions();
        }
      }
      case 7 -> {
        if (random.nextInt(4) == 0) {
          world.ledger.undo(1);
        }
      }
      case 8 -> world.reveal(PREIMAGE);
      case 9 -> {
        if (random.nextInt(6) == 0) {
          world.b.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
        }
      }
      case 10 -> {
        if (random.nextInt(8) == 0) {
          world.a.on(new VoucherEvent.CloseUnilaterally("leaves"));
        }
      }
      case 11 -> {
        if (random.nextInt(8) == 0) {
          world.b.on(new VoucherEvent.CloseUnilaterally("leaves"));
        }
      }
      case 12 -> {
        if (random.nextInt(8) == 0) { // a stale close, with nothing
          world.ledger.send(
              world.a.address,
              new VoucherAction.RequestClose(world.a.book().setup(), Optional.empty()));
        }
      }
      case 13 ->
          world.ledger.send(
              world.b.address,
              new VoucherAction.RegisterPreimage(world.b.book().setup(), PREIMAGE, Long.MAX_VALUE));
      case 14 -> world.a.actsOnChain = !world.a.actsOnChain;
      case 15 -> world.b.actsOnChain = !world.b.actsOnChain;
      case 16, 17 -> world.block(random.nextInt(120));
      case 18, 19 -> world.mine(random.nextInt(120));
      case 20 -> anyOf.hearAnswers();
      case 21 -> {
        boolean expired =
            world.in.state.book().flatMap(VoucherBook::taken).stream()
                .anyMatch(lock -> world.ledger.time() >= lock.expiry());
        if (expired) {
          world.offerAgain();
        }
      }
      default -> {
        world.first.deliver(random.nextBoolean() ? world.a : world.in);
        world.second.deliver(random.nextBoolean() ? world.out : world.b);
        world.forward();
      }
    }
  }
}
