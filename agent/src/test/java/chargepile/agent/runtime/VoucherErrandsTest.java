package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A node's voucher channels and their chain, which may be away. */
class VoucherErrandsTest {
  private static final PublicKey PEER =
      new BouncyCastleSigner().publicKey(new PrivateKey(ByteVector32.One));
  private static final EvmAddress SOMEBODY = new EvmAddress(new ByteVector(new byte[20]));
  private static final VoucherSetup CHANNEL =
      new VoucherSetup(
          new Domain(31337, SOMEBODY),
          SOMEBODY,
          SOMEBODY,
          SOMEBODY,
          5,
          Duration.ofHours(1),
          Party.A,
          false);
  private static final VoucherSetup OTHER =
      new VoucherSetup(
          CHANNEL.domain(),
          SOMEBODY,
          SOMEBODY,
          SOMEBODY,
          6,
          CHANNEL.challengePeriod(),
          Party.A,
          false);
  private static final OnLedger NOWHERE = new OnLedger.Missing();
  private static final VoucherAction.Errand OPENING =
      new VoucherAction.OpenOnChain(CHANNEL, new Amount(5));

  private final Deque<Runnable> mailbox = new ArrayDeque<>();
  private final List<Object> heard = new ArrayList<>();
  private final List<VoucherAction.Errand> carriedOut = new ArrayList<>();
  private final TestTime time = new TestTime();
  private Optional<RuntimeException> trouble = Optional.empty();
  private Optional<RuntimeException> unreadable = Optional.empty();
  private Optional<String> doubt = Optional.empty();
  private List<OnLedger> hints = List.of();
  private Optional<Deque<Consumer<Optional<VoucherEvent.Report>>>> slow = Optional.empty();
  private long blockTime = 1;

  private final VoucherErrands errands =
      new VoucherErrands(new Ledger(), Runnable::run, mailbox::add, time, new Heard());

  @Test
  void aWatchedChannelHearsWhatTheContractHoldsUntilItWatchesNoMore() {
    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(CHANNEL))));
    drain();
    assertEquals(List.of(view(1)), heard);

    blockTime = 2;
    errands.look();
    drain();
    assertEquals(List.of(view(1), view(2)), heard);

    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.empty())));
    drain();
    assertEquals(2, heard.size());
  }

  @Test
  void itLooksByItselfAfterAWhile() {
    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(CHANNEL))));
    drain();
    time.fire();
    drain();
    assertEquals(List.of(view(1), view(1)), heard);
  }

  @Test
  void anErrandIsCarriedOutOnTheChain() {
    errands.run(1, PEER, new LegAction.OnEvm(OPENING));
    drain();
    assertEquals(List.of(OPENING), carriedOut);
    assertEquals(List.of(), heard);
  }

  @Test
  void aQuestionThatTakesLongKeepsNoViewWaitingAndIsAskedOnce() {
    var question = new VoucherAction.AskPreimage(CHANNEL, ByteVector32.Zeroes);
    Deque<Consumer<Optional<VoucherEvent.Report>>> open = new ArrayDeque<>();
    slow = Optional.of(open);
    for (int i = 0; i < 3; i++) {
      errands.run(1, PEER, new LegAction.OnEvm(question));
    }
    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(CHANNEL))));
    drain();
    assertEquals(List.of(view(1)), heard);
    assertEquals(1, open.size());
    assertFalse(errands.isIdle());

    var said =
        new VoucherEvent.PreimageSaid(ByteVector32.Zeroes, Optional.empty(), Optional.empty(), 5);
    open.remove().accept(Optional.of(said));
    drain();
    assertEquals(List.of(view(1), new LegReport.OnEvm(said)), heard);
    assertTrue(errands.isIdle());

    errands.run(1, PEER, new LegAction.OnEvm(question));
    open.remove().accept(Optional.empty());
    drain();
    assertEquals(2, heard.size());
    assertTrue(errands.isIdle());
  }

  @Test
  void aQuestionThatCantBeAskedIsAskedAgain() {
    var question = new VoucherAction.AskPreimage(CHANNEL, ByteVector32.Zeroes);
    trouble = Optional.of(new ChainException("no route"));
    errands.run(1, PEER, new LegAction.OnEvm(question));
    assertTrue(errands.isIdle());
    trouble = Optional.empty();
    errands.run(1, PEER, new LegAction.OnEvm(question));
    assertEquals(List.of(question), carriedOut);
  }

  @Test
  void anOpeningThatTheContractRefusesHasFailed() {
    trouble = Optional.of(new RejectedException("allowance"));
    errands.run(1, PEER, new LegAction.OnEvm(OPENING));
    drain();
    assertEquals(List.of(new LegReport.OnEvm(new VoucherEvent.OpenFailed("allowance"))), heard);
  }

  @Test
  void whatElseTheContractRefusesIsToldOnceHoweverOftenItIsAskedFor() {
    trouble = Optional.of(new RejectedException("too early"));
    for (int i = 0; i < 3; i++) {
      errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Settle(CHANNEL)));
    }
    drain();
    assertEquals(List.of("Settle refused: too early"), heard);
  }

  @Test
  void aChainThatIsAwayIsToldOfAndItsReturnToo() {
    trouble = Optional.of(new ChainException("no route"));
    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(CHANNEL))));
    drain();
    assertEquals(List.of("no route"), heard);
    assertTrue(time.isScheduled());

    trouble = Optional.empty();
    time.fire();
    drain();
    assertEquals(List.of("no route", view(1), "in sight"), heard);
  }

  @Test
  void aChannelThatCantBeLookedAtKeepsNoOtherFromIt() {
    unreadable = Optional.of(new ChainException("no log"));
    watchBoth();
    assertTrue(heard.contains(view(1)), heard::toString);
    String trouble = "channel %s can't be looked at: no log".formatted(OTHER.id());
    assertTrue(heard.contains(trouble), heard::toString);
  }

  @Test
  void whateverGoesWrongWithAChannelTheNodeGoesOnLooking() {
    unreadable = Optional.of(new ArithmeticException("too much"));
    watchBoth();
    assertTrue(heard.contains(view(1)), heard::toString);
    blockTime = 2;
    unreadable = Optional.empty();
    time.fire();
    drain();
    assertEquals("in sight", heard.getLast());
    assertTrue(heard.contains(view(2)), heard::toString);
  }

  /** The one that may be unreadable first. */
  private void watchBoth() {
    PublicKey other =
        new BouncyCastleSigner().publicKey(new PrivateKey(new ByteVector32("02".repeat(32))));
    errands.run(1, other, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(OTHER))));
    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(CHANNEL))));
    drain();
  }

  @Test
  void whatOnlyOneNodeShowsIsHandedOnAndTroublesOnceItStays() {
    hints = List.of(new OnLedger.Closing(Deposits.NONE, Amount.ZERO, Amount.ZERO, 99));
    errands.run(1, PEER, new LegAction.OnEvm(new VoucherAction.Watch(Optional.of(CHANNEL))));
    drain();
    LegReport hint = new LegReport.OnEvm(new VoucherEvent.EndHinted(hints.getFirst()));
    assertEquals(List.of(view(1), hint), heard);
    time.fire();
    drain();
    assertEquals(
        "a node shows the end of channel %s, another does not".formatted(CHANNEL.id()),
        heard.getLast());
  }

  @Test
  void aChainThatStandsStillIsTrouble() {
    doubt = Optional.of("no new block for 400 s");
    errands.begin();
    drain();
    assertEquals(List.of("no new block for 400 s"), heard);
  }

  @Test
  void nothingIsAskedAnyMoreOnceItIsClosed() {
    errands.begin();
    drain();
    errands.close();
    assertTrue(!time.isScheduled() && errands.isIdle());
  }

  private void drain() {
    while (!mailbox.isEmpty()) {
      mailbox.remove().run();
    }
  }

  private static LegReport view(long at) {
    return new LegReport.OnEvm(new VoucherEvent.ChainChanged(new ChainView(at, NOWHERE, NOWHERE)));
  }

  private final class Ledger implements VoucherLedger {
    @Override
    public ChainView view(VoucherSetup channel) {
      if (channel.equals(OTHER)) {
        unreadable.ifPresent(
            e -> {
              throw e;
            });
      }
      trouble.ifPresent(
          e -> {
            throw e;
          });
      return new ChainView(blockTime, NOWHERE, NOWHERE);
    }

    @Override
    public List<OnLedger> hints(VoucherSetup channel) {
      return hints;
    }

    @Override
    public Optional<String> doubt() {
      return doubt;
    }

    @Override
    public Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand) {
      trouble.ifPresent(
          e -> {
            throw e;
          });
      carriedOut.add(errand);
      return Optional.empty();
    }

    @Override
    public void ask(
        VoucherAction.AskPreimage question, Consumer<Optional<VoucherEvent.Report>> answer) {
      slow.ifPresentOrElse(
          open -> open.add(answer), () -> VoucherLedger.super.ask(question, answer));
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      return () -> {};
    }
  }

  private final class Heard implements ChainReports {
    @Override
    public void of(PublicKey peer, LegReport report) {
      heard.add(report);
    }

    @Override
    public void refused(String what, String reason) {
      heard.add(what + " refused: " + reason);
    }

    @Override
    public void standing(Optional<ChainTrouble> present) {
      heard.add(present.map(ChainTrouble::reason).orElse("in sight"));
    }
  }

  /** Stands still; what is scheduled last runs when it is told to. */
  private static final class TestTime implements Time {
    private @Nullable Runnable scheduled;

    boolean isScheduled() {
      return scheduled != null;
    }

    void fire() {
      Runnable task = scheduled;
      scheduled = null;
      if (task != null) {
        task.run();
      }
    }

    @Override
    public Instant wall() {
      return Instant.EPOCH;
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      scheduled = task;
      return () -> {
        if (scheduled == task) {
          scheduled = null;
        }
      };
    }
  }
}
