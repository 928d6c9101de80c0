package chargepile.agent.voucher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.VoucherChannel.Link;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import chargepile.agent.voucher.wire.AnyVoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every event in every reachable stage has an answer: no exception, nothing acted on before it is
 * stored, and a state that survives its bytes.
 */
class VoucherTotalityTest {
  private static final ByteVector32 PREIMAGE = VoucherStates.PREIMAGE;
  private static final ByteVector32 HASH = PREIMAGE.sha256();

  private final VoucherPair pair = new VoucherPair();

  @Test
  void theSampleReachesEveryStage() {
    var reached = new TreeSet<String>();
    VoucherStates.ofEveryStage().forEach(state -> reached.add(state.stage().title()));
    assertEquals(
        new TreeSet<>(
            List.of(
                "Absent",
                "AwaitingAccept",
                "AwaitingReady",
                "Closed",
                "Closing",
                "DataLost",
                "Normal")),
        reached);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyEventInEveryStageHasAnAnswer(long seed) {
    Random random = new Random(seed);
    for (VoucherChannel state : VoucherStates.ofEveryStage()) {
      for (Link link : Link.values()) {
        VoucherChannel linked = new VoucherChannel(link, state.stage());
        for (VoucherEvent event : events(linked, random)) {
          answer(linked, event);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void aChannelHitByRandomEventsOneAfterTheOtherStaysWhole(long seed) {
    Random random = new Random(seed);
    List<VoucherChannel> states = VoucherStates.ofEveryStage();
    for (int run = 0; run < 30; run++) {
      VoucherChannel state = states.get(random.nextInt(states.size()));
      for (int i = 0; i < 20; i++) {
        List<VoucherEvent> events = events(state, random);
        state = answer(state, events.get(random.nextInt(events.size())));
      }
    }
  }

  private List<VoucherEvent> events(VoucherChannel state, Random random) {
    List<VoucherEvent> events = new ArrayList<>();
    AnyVoucherMessage any = new AnyVoucherMessage(random);
    VoucherChannelId id = state.book().map(VoucherBook::id).orElseGet(any::channel);
    List<VoucherMessage> heard = new ArrayList<>(any.ofEveryType(id));
    heard.addAll(any.ofEveryType(any.channel()));
    heard.forEach(message -> events.add(new VoucherEvent.Received(message)));
    long number = random.nextLong(1L << random.nextInt(1, 62));
    events.addAll(
        List.of(
            new VoucherEvent.Connected(),
            new VoucherEvent.Disconnected(),
            new VoucherEvent.Superseded(),
            new VoucherEvent.CloseCooperatively(),
            new VoucherEvent.CloseUnilaterally("test"),
            new VoucherEvent.Refuse("test"),
            new VoucherEvent.OpenFailed("no gas"),
            new VoucherEvent.DepositFailed("no gas"),
            new VoucherEvent.Open(number, new Amount(number)),
            new VoucherEvent.Deposit(new Amount(number)),
            new VoucherEvent.Deposit(new Amount(Long.MAX_VALUE)),
            new VoucherEvent.ClaimEnergy(
                VoucherPair.claim(
                    random.nextBoolean() ? Direction.IMPORT : Direction.EXPORT, number, number))));
    long expiry = random.nextBoolean() ? number : VoucherLedger.GENESIS + random.nextInt(20_000);
    events.add(
        new VoucherEvent.AddHtlc(new Amount(random.nextInt(3000)), HASH, expiry, ByteVector.empty));
    events.add(new VoucherEvent.AddHtlc(new Amount(number), HASH, number, ByteVector.empty));
    for (long lock : List.of(1L, 2L, number)) {
      events.add(new VoucherEvent.FulfillHtlc(lock, PREIMAGE));
      events.add(new VoucherEvent.FulfillHtlc(lock, HASH));
      events.add(new VoucherEvent.FailHtlc(lock, new ByteVector("beef")));
      events.add(new VoucherEvent.Received(new LockPreimage(id, Math.max(1, lock), PREIMAGE)));
    }
    for (long time : List.of(number, expiry)) {
      var entry = Optional.of(new VoucherEvent.Registration(PREIMAGE, time));
      events.add(new VoucherEvent.PreimageSaid(HASH, entry, entry, expiry + 100));
      events.add(new VoucherEvent.PreimageSaid(HASH, entry, Optional.empty(), time));
      events.add(new VoucherEvent.PreimageSaid(HASH, Optional.empty(), Optional.empty(), time));
      events.add(
          new VoucherEvent.PreimageSaid(
              HASH,
              Optional.of(new VoucherEvent.Registration(HASH, time)),
              Optional.empty(),
              time));
    }
    for (OnLedger latest : ledgerStates(number, random)) {
      events.add(new VoucherEvent.EndHinted(latest));
      for (OnLedger finalised : ledgerStates(number, random)) {
        events.add(new VoucherEvent.ChainChanged(new ChainView(number, latest, finalised)));
      }
    }
    return events;
  }

  private static List<OnLedger> ledgerStates(long number, Random random) {
    Amount some = new Amount(number / 2);
    Amount other = new Amount(random.nextInt(60_000));
    Deposits deposits = new Deposits(some, other);
    return List.of(
        new OnLedger.Missing(),
        new OnLedger.Open(deposits, VoucherPair.CHALLENGE),
        new OnLedger.Open(new Deposits(new Amount(50_000), other), Duration.ofSeconds(1)),
        new OnLedger.Closing(deposits, some, other, number),
        new OnLedger.Closing(deposits, other, some, number + 1),
        new OnLedger.Settled(
            random.nextBoolean(),
            new Payouts(some, other),
            new Payouts(new Amount(random.nextInt(2)), new Amount(random.nextInt(2)))));
  }

  private VoucherChannel answer(VoucherChannel state, VoucherEvent event) {
    boolean isDriver = state.book().map(book -> !book.setup().metering()).orElse(true);
    VoucherMachine machine = (isDriver ? pair.driver : pair.pile).machine;
    VoucherTransition transition;
    try {
      transition = machine.on(state, event);
    } catch (RuntimeException e) {
      throw new AssertionError("%s in %s: %s".formatted(event, state.stage().title(), e), e);
    }
    VoucherChannel next = transition.next();
    boolean stored = false;
    for (VoucherAction action : transition.actions()) {
      stored |= action instanceof VoucherAction.Store;
      boolean acts = action instanceof VoucherAction.Send || action instanceof VoucherAction.Errand;
      assertTrue(stored || !acts, () -> event + " acts before it stores: " + transition);
    }
    assertEquals(
        next.stage(), VoucherChannelCodec.decode(VoucherChannelCodec.encode(next)).stage());
    if (state.stage() instanceof VoucherStage.Closed) {
      assertEquals(state.stage(), next.stage(), "what is settled stays settled");
    }
    if (state.book().isPresent() && next.book().isPresent()) {
      for (Party party : Party.values()) {
        assertTrue(
            next.book().get().paidBy(party).compareTo(state.book().get().paidBy(party)) >= 0,
            "vouchers only grow");
      }
    }
    if (state.book().isPresent() && next.book().isPresent()) {
      assertLocksAreWhole(state.book().get(), next.book().get());
    }
    if (state.stage() instanceof VoucherStage.DataLost) {
      assertTrue(
          transition.actions().stream().noneMatch(VoucherAction.RequestClose.class::isInstance)
              || event instanceof VoucherEvent.CloseUnilaterally
              || event instanceof VoucherEvent.CloseCooperatively,
          "nothing is closed from lost data but by command");
    }
    return next;
  }

  private static void assertLocksAreWhole(VoucherBook before, VoucherBook now) {
    for (Party party : Party.values()) {
      assertTrue(now.of(party).lockSeq() >= before.of(party).lockSeq(), "numbers only rise");
      now.of(party)
          .pending()
          .ifPresent(
              lock ->
                  assertEquals(
                      lock.amount().plus(now.paidBy(party)),
                      lock.voucher().cumulative(),
                      "a lock stands on top of the latest voucher"));
    }
  }
}
