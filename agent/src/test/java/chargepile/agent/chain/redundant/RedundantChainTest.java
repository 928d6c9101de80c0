package chargepile.agent.chain.redundant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.redundant.ScriptedChain.Mood;
import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedundantChainTest {
  private static final Transaction ANY = new Transaction(2, List.of(), List.of(), 0);

  private final List<BlockHash> blocks = ScriptedChain.fresh(10);
  private final ScriptedChain near = new ScriptedChain("near", 1001, blocks);
  private final ScriptedChain far = new ScriptedChain("far", 1002, blocks);
  private final List<ChainAlert> alerts = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final RedundantChain chain = open();

  private RedundantChain open() {
    return new RedundantChain(
        blocks.getFirst(), near, far, () -> now, Duration.ofHours(1), alerts::add);
  }

  @AfterEach
  void close() {
    chain.close();
  }

  private ChainView view() {
    return chain.view(Set.of(), Set.of());
  }

  private String server() {
    return view().feerate().equals(near.feerate) ? near.name : far.name;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean(), "it never came about");
  }

  private static OutPoint coin() {
    return new OutPoint(new TxId(ScriptedChain.fresh(1).getFirst().value), 0);
  }

  @Test
  void theFirstServesWhenBothAreLevel() {
    assertEquals("near", server());
  }

  @Test
  void theHigherServes() {
    far.reorganise(0, 1);
    assertEquals("far", server());
    assertEquals(far.height(), view().tip().value());
    assertEquals(far.tip(), chain.tip());

    near.reorganise(0, 5);
    assertEquals("near", server());
    assertEquals(List.of(), alerts);
  }

  @Test
  void inARaceNothingChangesUntilTheNextBlock() {
    far.reorganise(0, 1);
    assertEquals("far", server());

    near.reorganise(0, 1);
    assertEquals("far", server());
    assertEquals(List.of(), alerts);

    near.reorganise(0, 1);
    assertEquals("near", server());
    assertEquals(List.of(), alerts);
  }

  @Test
  void aDeepForkIsToldWithNamesHashesAndHeights() {
    near.reorganise(2, 2);
    far.reorganise(2, 5);

    assertEquals("far", server());

    ChainAlert.Disagreement told =
        assertInstanceOf(ChainAlert.Disagreement.class, alerts.getFirst());
    assertEquals(8, told.height().value());
    for (String part :
        List.of("near", "far", near.tip().toString(), far.tip().toString(), "height 8:")) {
      assertTrue(told.message().contains(part), told::message);
    }
    far.become(near.blocks());
    assertEquals("near", server());
    assertEquals(List.of(told, new ChainAlert.Agreement("near", "far")), alerts);
  }

  @Test
  void aRaceThatLastsIsTold() {
    near.reorganise(0, 1);
    far.reorganise(0, 1);
    view();
    now = now.plus(Duration.ofMinutes(61));
    view();

    assertInstanceOf(ChainAlert.Disagreement.class, alerts.getFirst());
  }

  @Test
  void oneStandsInForTheOther() throws InterruptedException {
    near.mood = Mood.AWAY;
    assertEquals("far", server());
    assertEquals(List.of(new ChainAlert.Lost("near", "near is away")), alerts);

    near.mood = Mood.WELL;
    await(() -> server().equals("near"));
    assertEquals(new ChainAlert.Back("near"), alerts.getLast());
    assertEquals(2, alerts.size());
  }

  @Test
  void oneThatHangsIsWaitedForNoMoreOnceItIsKnown() {
    view();
    far.mood = Mood.HANGING;
    Thread first = Thread.ofVirtual().start(this::view);
    far.close();
    // It fails at last, and hangs again at the next question.
    assertTrue(joined(first));
    assertEquals("near", server());
    assertEquals(List.of(new ChainAlert.Lost("far", "far hangs")), alerts);
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void oneThatFailsOnlyAtTheViewIsReplacedToo() throws InterruptedException {
    OutPoint coin = coin();
    near.mood = Mood.BLIND;
    assertEquals(far.feerate, chain.view(Set.of(coin), Set.of()).feerate());
    assertEquals("far", server());
    assertEquals("far", server());
    assertEquals(List.of(new ChainAlert.Lost("near", "near has pruned what is needed")), alerts);

    near.mood = Mood.WELL;
    await(() -> server().equals("near"));
    assertTrue(near.viewed.contains(coin), "it came back without what is watched");
  }

  @Test
  void theOtherFollowsWhatIsWatched() throws InterruptedException {
    OutPoint coin = coin();
    assertEquals(near.feerate, chain.view(Set.of(coin), Set.of()).feerate());

    await(() -> far.viewed.contains(coin));
  }

  @Test
  void withoutEitherThereIsNoViewAndItIsSaidWhy() throws InterruptedException {
    Semaphore changes = new Semaphore(0);
    var unused = chain.onChange(changes::release);
    assertEquals("near", server());
    near.mood = Mood.AWAY;
    far.mood = Mood.AWAY;

    ChainException failure = assertThrows(ChainException.class, this::view);

    assertEquals("near is away; far is away", failure.getMessage());
    changes.drainPermits();
    far.mood = Mood.WELL;
    far.callListeners();
    assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the return");
    assertEquals("far", server());
  }

  @Test
  void oneOfAnotherNetworkIsRefusedForGood() {
    ScriptedChain other = new ScriptedChain("far", 1002, ScriptedChain.fresh(50));
    try (RedundantChain mixed =
        new RedundantChain(
            blocks.getFirst(), near, other, () -> now, Duration.ofHours(1), alerts::add)) {
      assertEquals(near.feerate, mixed.view(Set.of(), Set.of()).feerate());
      ChainAlert.Refused refused = assertInstanceOf(ChainAlert.Refused.class, alerts.getFirst());
      assertTrue(refused.message().contains("another") || refused.message().contains("begins"));
      int questions = other.questions.get();
      other.become(blocks);
      mixed.view(Set.of(), Set.of());
      mixed.broadcast(ANY);
      near.mood = Mood.AWAY;
      assertThrows(ChainException.class, () -> mixed.view(Set.of(), Set.of()));
      assertEquals(questions, other.questions.get());
      assertEquals(List.of(), other.taken);
    }
  }

  @Test
  void aTransactionGoesToBoth() throws InterruptedException {
    chain.broadcast(ANY);

    await(() -> near.taken.equals(List.of(ANY)) && far.taken.equals(List.of(ANY)));
  }

  @Test
  void oneThatTakesItIsEnough() {
    near.refusal = Optional.of("min relay fee not met");
    chain.broadcast(ANY);
    near.mood = Mood.AWAY;
    chain.broadcast(ANY);

    assertEquals(List.of(ANY, ANY), far.taken);
  }

  @Test
  void itIsRefusedWhenAllThatAnswerRefuse() {
    near.refusal = Optional.of("min relay fee not met");
    far.mood = Mood.AWAY;

    RejectedException refusal = assertThrows(RejectedException.class, () -> chain.broadcast(ANY));

    assertEquals("min relay fee not met", refusal.getMessage());
    near.mood = Mood.AWAY;
    ChainException failure = assertThrows(ChainException.class, () -> chain.broadcast(ANY));
    assertFalse(failure instanceof RejectedException);
    assertEquals("near is away; far is away", failure.getMessage());
  }

  @Test
  void aHangingOneHoldsUpNoTransaction() {
    far.mood = Mood.HANGING;
    chain.broadcast(ANY);

    assertEquals(List.of(ANY), near.taken);
  }

  /** One thing that happens to one of the chains. */
  sealed interface Event {
    boolean toNear();

    record Grow(boolean toNear, int count) implements Event {}

    record Reorganise(boolean toNear, int depth, int count) implements Event {}

    record Copy(boolean toNear) implements Event {}

    record Leave(boolean toNear) implements Event {}

    record Return(boolean toNear) implements Event {}
  }

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<Boolean> which = Arbitraries.of(true, false);
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 3);
    Arbitrary<Event> event =
        Arbitraries.oneOf(
            Combinators.combine(which, few).as(Event.Grow::new),
            Combinators.combine(which, few, few).as(Event.Reorganise::new),
            which.map(Event.Copy::new),
            which.map(Event.Leave::new),
            which.map(Event.Return::new));
    return event.list().ofMaxSize(25);
  }

  @Property(tries = 100)
  void theHigherOfThoseThatAnswerServes(@ForAll("histories") List<Event> history)
      throws InterruptedException {
    RedundantChainTest fresh = new RedundantChainTest();
    try {
      fresh.live(history);
    } finally {
      fresh.close();
    }
  }

  private void live(List<Event> history) throws InterruptedException {
    view();
    for (Event event : history) {
      take(event);
      check(event);
    }
  }

  private void take(Event event) throws InterruptedException {
    ScriptedChain one = event.toNear() ? near : far;
    switch (event) {
      case Event.Grow grow -> one.reorganise(0, grow.count());
      case Event.Reorganise fork -> one.reorganise(fork.depth(), fork.count());
      case Event.Copy copy -> one.become((copy.toNear() ? far : near).blocks());
      case Event.Leave leave -> one.mood = Mood.AWAY;
      case Event.Return back -> {
        boolean wasAway = one.mood == Mood.AWAY;
        one.mood = Mood.WELL;
        if (wasAway) {
          await(() -> told(new ChainAlert.Back(one.name)));
        }
      }
    }
  }

  private boolean told(ChainAlert alert) {
    view();
    return alerts.contains(alert)
        && alerts.stream().filter(this::isPresence).toList().getLast().equals(alert);
  }

  private boolean isPresence(ChainAlert alert) {
    return alert instanceof ChainAlert.Back || alert instanceof ChainAlert.Lost;
  }

  private void check(Event after) {
    List<ScriptedChain> well =
        List.of(near, far).stream().filter(one -> one.mood == Mood.WELL).toList();
    if (well.isEmpty()) {
      assertThrows(ChainException.class, this::view);
      return;
    }
    int highest = well.stream().mapToInt(ScriptedChain::height).max().orElseThrow();
    ChainView view = view();
    assertEquals(highest, view.tip().value(), () -> "after " + after);
    assertTrue(well.stream().anyMatch(one -> one.feerate.equals(view.feerate())));
  }
}
