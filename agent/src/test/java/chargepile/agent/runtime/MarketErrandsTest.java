package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.energy.Tariff;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.Metered;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import chargepile.hal.sim.SimulatedClock;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What goes wrong on a market is tried again and ends nothing. */
class MarketErrandsTest {
  private static final OrderView ORDER = StillMarket.order(OrderStage.RECORDED);
  private static final DeskAction WANTED = new DeskAction.Begin(ORDER);
  private static final EvmAddress CAR = EvmAddress.of(StillMarket.CAR.value());

  private static final Sale SALE =
      new Sale(
          ORDER.key(),
          StillMarket.PILE,
          StillMarket.CAR,
          ORDER.terms().price(),
          ORDER.terms().energy().toMilliWattHours(),
          ORDER.terms().window());

  /** The half unit that a tariff can't say is paid out of the escrow. */
  private static final Tariff TERMS =
      new Tariff(Sale.tag(ORDER.key()), new Amount(350), Amount.ZERO, Amount.ZERO);

  private static final Agreement SOON = new Agreement(TERMS, CAR, SALE.left(), false);
  private static final Agreement IN_FORCE = new Agreement(TERMS, CAR, SALE.left(), true);

  private final SimulatedClock clock = new SimulatedClock(StillMarket.NOW);
  private final List<String> log = new ArrayList<>();
  private final List<List<Agreement>> agreed = new ArrayList<>();
  private final List<List<String>> notices = new ArrayList<>();

  /** Whether the node was there since it was looked at last, look by look. */
  private final List<Boolean> seen = new ArrayList<>();

  /** Of the next questions and actions, one by one; empty: it goes well. */
  private final List<Optional<RuntimeException>> troubles = new ArrayList<>();

  private Instant now = StillMarket.NOW;
  private boolean diskFails;
  private boolean charging;
  private List<Sale> shows = List.of();
  private Optional<byte[]> saved = Optional.empty();

  /** Empty: as the chain's. */
  private Optional<Instant> clockSays = Optional.empty();

  private Desk desk =
      (view, own, remembered) -> new Decision(List.of(WANTED), List.of(), Outages.NONE, List.of());

  private final class Ledger implements MarketLedger {
    @Override
    public MarketView view() {
      log.add("view");
      throwNext();
      MarketView still = StillMarket.shown(List.of(ORDER));
      return new MarketView(
          still.self(),
          now,
          still.rules(),
          still.cycle(),
          still.asks(),
          still.bids(),
          still.matches(),
          still.orders(),
          still.listings(),
          still.nextListing(),
          still.owed(),
          still.balance(),
          still.active(),
          still.underWay());
    }

    @Override
    public void carryOut(DeskAction action) {
      log.add(action.detail());
      throwNext();
    }

    private void throwNext() {
      if (!troubles.isEmpty()) {
        Optional<RuntimeException> trouble = troubles.removeFirst();
        if (trouble.isPresent()) {
          throw trouble.get();
        }
      }
    }

    @Override
    public ByteVector receipt(OrderKey order, Amount paid) {
      return new ByteVector(new byte[65]);
    }

    @Override
    public boolean isReceipt(OrderView order, Amount paid, ByteVector signature) {
      return true;
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      return () -> log.add("left");
    }
  }

  private final class Disk implements MarketMemory {
    @Override
    public Optional<byte[]> load() {
      return saved;
    }

    @Override
    public void save(byte[] remembered) {
      if (diskFails) {
        throw new StoreException("the disk is full");
      }
      log.add("saved");
    }
  }

  private final class Node implements MarketErrands.Node {
    @Override
    public OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony) {
      seen.add(unbroken);
      return new OwnSide(true, charging, unbroken, Map.of(), testimony);
    }

    @Override
    public boolean goesOn(Tariff terms) {
      return charging && terms.equals(TERMS);
    }

    @Override
    public void agreed(List<Agreement> agreements) {
      agreed.add(agreements);
    }

    @Override
    public void looked(MarketReport report) {
      notices.add(report.decision().notices());
    }

    @Override
    public EvmAddress counterparty(Sale sale) {
      return EvmAddress.of(sale.buyer().value());
    }
  }

  private MarketErrands errands() {
    return new MarketErrands(
        new Market(
            new Ledger(),
            (view, own, remembered) -> desk.next(view, own, remembered),
            new Disk(),
            Runnable::run,
            report -> {},
            Optional.of(() -> clockSays.orElse(now))),
        Runnable::run,
        new TwoNodes.VirtualTime(clock),
        new Node());
  }

  private void pass(Duration time) {
    long end = clock.nanos() + time.toNanos();
    clock.schedule(time, () -> {});
    while (clock.nanos() < end && clock.step()) {}
  }

  @Test
  void whatIsWantedIsDoneAgainUntilAViewShowsIt() {
    MarketErrands errands = errands();
    errands.begin();
    assertEquals(List.of("view", "begin"), log);
    pass(Duration.ofMillis(1500));
    assertEquals(List.of("view", "begin", "view", "begin"), log);
    errands.close();
    pass(Duration.ofMinutes(1));
    assertEquals(List.of("view", "begin", "view", "begin", "left"), log);
    assertTrue(errands.isIdle());
  }

  @Test
  void aChainThatIsAwayARefusalAndADefectEndNothing() {
    troubles.add(Optional.of(new ChainException("nobody answers")));
    troubles.add(Optional.of(new IllegalStateException("a defect")));
    troubles.add(Optional.empty());
    troubles.add(Optional.of(new RejectedException("not now")));
    troubles.add(Optional.empty());
    troubles.add(Optional.of(new IllegalStateException("a defect")));
    MarketErrands errands = errands();
    errands.begin();
    pass(Duration.ofSeconds(30));
    assertTrue(troubles.isEmpty());
    assertEquals(List.of("view", "view", "view", "begin", "view", "begin"), log.subList(0, 6));
    assertTrue(log.size() > 10, log::toString);
    errands.close();
  }

  @Test
  void whatTheReserveForbidsIsANoticeUntilThereIsMoreAndIsTriedAgain() {
    String why = "too little for gas";
    troubles.add(Optional.empty());
    troubles.add(Optional.of(new ShortOfGasException(why)));
    troubles.add(Optional.empty());
    troubles.add(Optional.of(new ShortOfGasException(why)));
    MarketErrands errands = errands();
    errands.begin();
    assertEquals(List.of("view", "begin"), log);
    assertEquals(List.of(), notices.getLast());
    pass(Duration.ofSeconds(9));
    assertEquals(2, log.size(), "there is no hurry");
    pass(Duration.ofSeconds(2));
    assertEquals(List.of("view", "begin", "view", "begin"), log);
    assertEquals(List.of(why), notices.getLast());
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(List.of(), List.of(why), List.of(why), List.of()), notices.subList(0, 4));
    errands.close();
  }

  @Test
  void whatIsRefusedAgainAndAgainIsTriedMoreSeldom() {
    for (int i = 0; i < 100; i++) {
      troubles.add(Optional.empty());
      troubles.add(Optional.of(new RejectedException("not now")));
    }
    MarketErrands errands = errands();
    errands.begin();
    pass(Duration.ofSeconds(60));
    long looks = log.stream().filter("view"::equals).count();
    assertTrue(looks >= 6 && looks <= 12, log::toString);
    errands.close();
  }

  @Test
  void aDeskThatFailsIsAskedAgain() {
    Desk good = desk;
    desk =
        (view, own, remembered) -> {
          desk = good;
          throw new ArithmeticException("of a stranger's numbers");
        };
    MarketErrands errands = errands();
    errands.begin();
    assertEquals(List.of("view"), log);
    pass(Duration.ofMillis(1500));
    assertEquals(List.of("view", "view", "begin"), log);
    errands.close();
  }

  @Test
  void whatMustBeRememberedIsOnDiskBeforeAnythingIsDone() {
    desk =
        (view, own, remembered) ->
            new Decision(
                List.of(WANTED),
                List.of(),
                new Outages(
                    Optional.of(view.now()), true, Map.of(ORDER.key(), Duration.ofSeconds(7))),
                List.of());
    diskFails = true;
    MarketErrands errands = errands();
    errands.begin();
    assertEquals(List.of("view"), log);
    diskFails = false;
    pass(Duration.ofSeconds(11));
    assertEquals(List.of("view", "view", "saved", "begin"), log.subList(0, 4));
    errands.close();
  }

  @Test
  void sessionsAreToldWhatTheyAreToKeepToWhenThatChanges() {
    shows = List.of(SALE);
    desk = this::selling;
    MarketErrands errands = errands();
    errands.begin();
    pass(Duration.ofSeconds(25));
    assertEquals(List.of(List.of()), agreed, "its time is far off");
    now = SALE.window().start().minus(Duration.ofMinutes(5));
    pass(Duration.ofSeconds(25));
    now = SALE.window().start();
    pass(Duration.ofSeconds(25));
    assertEquals(List.of(List.of(), List.of(SOON), List.of(IN_FORCE)), agreed);
    errands.close();
  }

  @Test
  void whatIsServedWhileTheMarketCanNotBeReadIsInForce() {
    shows = List.of(SALE);
    desk = this::selling;
    now = SALE.window().start().minus(Duration.ofMinutes(5));
    MarketErrands errands = errands();
    errands.begin();
    now = now.plusSeconds(12);
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(List.of(SOON)), agreed);
    nobodyAnswers();
    clockSays = Optional.of(SALE.window().start());
    pass(Duration.ofMinutes(2));
    assertEquals(List.of(List.of(SOON), List.of(IN_FORCE)), agreed);
    clockSays = Optional.of(SALE.window().end());
    pass(Duration.ofMinutes(2));
    assertEquals(List.of(List.of(SOON), List.of(IN_FORCE), List.of()), agreed);
    errands.close();
  }

  @Test
  void oneOddLookAfterARestartEndsNoSession() {
    charging = true;
    desk = this::selling;
    now = SALE.window().start().plusSeconds(60);
    MarketErrands errands = errands();
    errands.begin();
    pass(Duration.ofSeconds(60));
    assertEquals(List.of(), agreed, "many looks, but at one block");
    shows = List.of(SALE);
    now = now.plusSeconds(12);
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(List.of(SOON)), agreed, "the session's terms hold");
    now = now.plusSeconds(12);
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(List.of(SOON), List.of(IN_FORCE)), agreed);
    errands.close();
  }

  @Test
  void twoLooksAWhileApartAfterARestartEndIt() {
    charging = true;
    desk = this::selling;
    now = SALE.window().start().plusSeconds(60);
    MarketErrands errands = errands();
    errands.begin();
    now = now.plusSeconds(12);
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(), agreed, "too soon");
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(List.of()), agreed);
    errands.close();
  }

  @Test
  void aNodeBehindWhatWasSeenBeforeTheRestartEndsNoSession() {
    charging = true;
    desk = this::selling;
    now = SALE.window().start().plusSeconds(60);
    clockSays = Optional.of(now.plusSeconds(120));
    saved =
        Optional.of(
            DeskMemory.encode(
                new DeskMemory(
                    new Outages(Optional.of(now.plusSeconds(90)), true, Map.of()), Map.of())));
    MarketErrands errands = errands();
    errands.begin();
    for (int i = 0; i < 7; i++) {
      now = now.plusSeconds(12);
      pass(Duration.ofSeconds(12));
    }
    assertEquals(List.of(), agreed);
    now = now.plusSeconds(12);
    pass(Duration.ofSeconds(12));
    assertEquals(List.of(List.of()), agreed);
    errands.close();
  }

  private Decision selling(MarketView view, OwnSide own, Outages remembered) {
    return new Decision(List.of(), shows, remembered, List.of());
  }

  private void nobodyAnswers() {
    for (int i = 0; i < 1000; i++) {
      troubles.add(Optional.of(new ChainException("nobody answers")));
    }
  }

  @Test
  void aChainThatIsFarAheadOfTheOwnClockIsNotActedUpon() {
    clockSays = Optional.of(now);
    now = now.plus(Duration.ofMinutes(6));
    MarketErrands errands = errands();
    errands.begin();
    pass(Duration.ofSeconds(30));
    assertTrue(log.stream().allMatch("view"::equals), log::toString);
    assertEquals(List.of(), agreed);
    assertEquals(List.of(), seen);
    now = now.minus(Duration.ofMinutes(2));
    pass(Duration.ofSeconds(30));
    assertTrue(log.contains("begin"), log::toString);
    errands.close();
  }

  @Test
  void aMarketThatCanNotBeReadIsNoOutageOfANodeThatRuns() {
    desk =
        (view, own, remembered) ->
            new Decision(
                List.of(),
                List.of(),
                new Outages(Optional.of(view.now()), own.unbroken(), Map.of()),
                List.of());
    MarketErrands errands = errands();
    errands.begin();
    nobodyAnswers();
    pass(Duration.ofMinutes(10));
    troubles.clear();
    pass(Duration.ofMinutes(1));
    assertEquals(false, seen.removeFirst(), "it was started");
    assertTrue(seen.size() > 20 && seen.stream().allMatch(there -> there), seen::toString);
    assertEquals(
        Optional.of(now), errands.notes().outages().last(), "the chain's word counts again");
    errands.close();
  }

  @Test
  void whatIsRememberedSurvivesItsBytes() {
    Outages outages =
        new Outages(
            Optional.of(now),
            false,
            Map.of(ORDER.key(), Duration.ofSeconds(77)),
            Map.of(ORDER.key(), new Metered(new WattHours(8), new WattHours(7), now)),
            Map.of(ORDER.key(), new WattHours(9)));
    DeskMemory memory =
        new DeskMemory(
            outages,
            Map.of(
                ORDER.key(), new Testimony.Receipt(new Amount(5), new ByteVector(new byte[65]))));
    assertEquals(memory, DeskMemory.decode(DeskMemory.encode(memory)));
  }
}
