package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.run.KillPlan.Moment;
import chargepile.agent.cli.run.KillPlan.Victims;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.units.ChannelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Sessions over one site, in each of which somebody is killed. */
final class KilledSessions {
  /** What a car draws: 15 Wh. */
  private static final String CAR = "seconds,power_w\n0,18000\n3,0\n";

  private static final long CAR_MWH = 15_000;
  private static final long MSAT_PER_MWH = 100;

  private static final String SETTINGS =
      """
      [meter]
      impulses_per_kwh = 2000
      [tariff]
      price_msat_per_kwh = 100000000
      [exposure]
      increment_wh = 1
      credit_wh = 5
      [session]
      store_every_s = 1
      store_every_wh = 2
      """;

  /** Over and over; a channel begins with the first and is closed after the last. */
  private static final List<Moment> COURSE =
      List.of(
          Moment.OPENING,
          Moment.INCREMENT,
          Moment.ENDING,
          Moment.RESTART,
          Moment.START_UP,
          Moment.INCREMENT,
          Moment.RESTART,
          Moment.CLOSING);

  private static final String ENDED = "session ended";
  private static final Predicate<String> PAID = line -> line.startsWith("paid ");
  private static final Predicate<String> PAID_OR_ENDED = PAID.or(line -> line.startsWith(ENDED));

  /** Where the link came up slowly, the funding transaction may be out before a word was said. */
  private static final Predicate<String> OPENING =
      line -> line.startsWith("opening a") || line.startsWith("waiting for the funding");

  /** What a driver says when it is linked to the pile, if the pile says nothing before. */
  private static final Predicate<String> SETTING_OUT =
      line ->
          line.startsWith("going on with session")
              || line.startsWith("plug the car in")
              || line.startsWith(ENDED);

  private static final int TERMINATED = 143;
  private static final Duration AGREEMENT = Duration.ofSeconds(30);

  /** What closing alone may cost the pile, in satoshi. */
  private static final long FEES_AT_MOST = 10_000;

  private final Site site;
  private final Random random;
  private final Map<Moment, Integer> kills = new EnumMap<>(Moment.class);
  private final Map<Victims, Integer> victims = new EnumMap<>(Victims.class);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final long began = System.nanoTime();
  private Program pile;
  private Program driver;
  private String address = "";
  private int sessions;
  private int resumed;

  /** The pile's import register when its process last started, or the session before ended. */
  private long countedFrom;

  KilledSessions(Site site, Random random) throws Exception {
    this.site = site;
    this.random = random;
    pile = site.pile();
    driver = pile;
    address = pile.await(line -> line.startsWith("chargepile:"));
  }

  static Site site(Path folder) throws IOException {
    return new Site(folder, CAR, SETTINGS);
  }

  static Site beside(Site site, Path folder, int number) throws IOException {
    return site.beside(folder, number, CAR, SETTINGS);
  }

  /**
   * Runs sessions, and closes the last channel.
   *
   * @param first where to begin in the course
   */
  void run(int first, int count) throws Exception {
    try {
      for (int i = first; i < first + count; i++) {
        Moment moment = COURSE.get(i % COURSE.size());
        site.mining(moment == Moment.OPENING || i == first);
        if (moment == Moment.CLOSING) {
          session(KillPlan.draw(Moment.INCREMENT, random));
          close(Optional.of(KillPlan.draw(moment, random)));
        } else {
          session(KillPlan.draw(moment, random));
        }
        sessions++;
      }
      if ((first + count) % COURSE.size() != 0) {
        close(Optional.empty());
      }
      pile.terminate();
      assertEquals(143, pile.exit(), pile.said());
    } finally {
      driver.close();
      pile.close();
    }
  }

  int kills() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Adds what another has counted. */
  void add(KilledSessions other) {
    sessions += other.sessions;
    resumed += other.resumed;
    other.kills.forEach((moment, count) -> kills.merge(moment, count, Integer::sum));
    other.victims.forEach((who, count) -> victims.merge(who, count, Integer::sum));
    other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
  }

  String figures() {
    return "%d sessions, %d kills, by moment %s, by victim %s; %d sessions went on; channels settled: %s; %d s"
        .formatted(
            sessions,
            kills(),
            kills,
            victims,
            resumed,
            outcomes,
            Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }

  /** From the driver's start until it ends by itself. */
  private void session(KillPlan plan) throws Exception {
    try {
      carryOut(plan);
    } catch (AssertionError e) {
      throw new AssertionError(
          "%s: %s%nthe pile said: %s".formatted(plan, e.getMessage(), pile.said()), e);
    }
  }

  private void carryOut(KillPlan plan) throws Exception {
    int receipts = Files.exists(site.database("driver")) ? site.standings().receipts().size() : 0;
    if (plan.moment() == Moment.START_UP && plan.victims().pile()) {
      kill(plan.moment(), Victims.PILE);
      pile = site.pile();
      pile.rest(plan.delay());
      startAgain(Victims.PILE, kill(plan.moment(), Victims.PILE));
    }
    driver = charge();
    switch (plan.moment()) {
      case START_UP -> {
        if (plan.victims().driver()) {
          killAfter(plan, Victims.DRIVER);
        }
      }
      case OPENING -> {
        driver.await(OPENING);
        killAfter(plan, plan.victims());
      }
      case INCREMENT, RESTART, CLOSING -> {
        driver.await(PAID);
        killAfter(plan, plan.victims());
      }
      case ENDING -> {
        driver.await(PAID);
        driver.terminate();
        killAfter(plan, plan.victims());
      }
    }
    ends();
    assertSettled(receipts);
  }

  private Program charge() throws IOException {
    return site.driver("charge", address, "--max-price=100000000");
  }

  private void killAfter(KillPlan plan, Victims who) throws Exception {
    driver.rest(plan.delay());
    Standings left = kill(plan.moment(), who);
    if (plan.moment() == Moment.RESTART) {
      if (who.pile()) {
        pile = site.pile();
      }
      if (who.driver()) {
        driver = charge();
      }
      (who.pile() ? pile : driver).rest(plan.again());
      Standings again = kill(plan.moment(), who);
      again.assertFollows(left);
      left = again;
    }
    startAgain(who, left);
  }

  /** Ends processes at once; what their stores then hold. */
  private Standings kill(Moment moment, Victims who) throws Exception {
    if (who.pile()) {
      pile.kill();
    }
    if (who.driver()) {
      driver.kill();
    }
    kills.merge(moment, 1, Integer::sum);
    victims.merge(who, 1, Integer::sum);
    Standings left = site.standings();
    left.assertCompatible();
    return left;
  }

  /** They say what they found, and that is what was left. */
  private void startAgain(Victims who, Standings left) throws Exception {
    if (who.pile()) {
      pile = site.pile();
      assertEquals(address, pile.await(line -> line.startsWith("chargepile:")));
      assertSays(pile.said(), left.pile());
      countedFrom = left.pile().importMwh();
      Standings now = site.standings();
      now.assertFollows(left);
      assertTrue(now.pile().importMwh() >= countedFrom, "no stored pulse is lost");
      if (who.driver()) {
        assertEquals(countedFrom, now.pile().importMwh(), "nothing flows without the driver");
      }
    }
    if (who.driver()) {
      driver = charge();
      String said = driver.await(SETTING_OUT);
      assertSays(driver.said(), left.driver());
      if (said.startsWith("going on")) {
        resumed++;
      }
    }
  }

  private static void assertSays(String said, Standings.Side left) {
    if (left.importMwh() > 0) {
      assertTrue(said.contains("found the registers at"), said);
    }
    left.channels()
        .forEach(
            (id, known) -> {
              if (known.isOpen()) {
                assertTrue(said.contains("found channel " + id), said);
              }
            });
  }

  /** The session goes on and ends: the driver stops it, or the car is full. */
  private void ends() throws Exception {
    boolean terminated = driver.isTerminated();
    if (!terminated
        && !driver.said().contains(ENDED)
        && driver.await(PAID_OR_ENDED).startsWith("paid")
        && random.nextBoolean()) {
      driver.terminate();
    }
    int exit = driver.exit();
    String said = driver.said();
    if (exit == TERMINATED && !said.contains(ENDED)) {
      driver = charge(); // the pile was not there when it was told to stop
      driver.await(line -> line.startsWith(ENDED));
      exit = driver.exit();
    }
    assertTrue(exit == 0 || exit == TERMINATED, said);
  }

  /** Both sides agree, and money and energy add up. */
  private void assertSettled(int receiptsBefore) throws Exception {
    Standings now = agreed(standings -> true);
    for (ChannelId id : now.common()) {
      assertEquals(now.receiptedMsat(id), now.pileMsat(id), () -> "channel " + id + ": " + now);
    }
    long metered = 0;
    for (ReceiptRow receipt : now.receipts()) {
      assertEquals(receipt.imported().energyMwh() * MSAT_PER_MWH, receipt.imported().msat());
      metered += receipt.metered().map(ReceiptRow.Metered::importMwh).orElse(0L);
    }
    long register = now.pile().importMwh();
    assertTrue(metered <= register, "receipts for %d mWh of %d".formatted(metered, register));
    if (now.receipts().stream().allMatch(receipt -> receipt.metered().isPresent())) {
      assertEquals(register, metered, "what the receipts say was metered");
    }
    if (now.receipts().size() == receiptsBefore + 1) {
      long flowed = register - countedFrom;
      assertTrue(flowed <= CAR_MWH, "a car of 15 Wh took %d mWh".formatted(flowed));
    }
    countedFrom = register;
  }

  private Standings agreed(Predicate<Standings> wanted) throws InterruptedException {
    long end = System.nanoTime() + AGREEMENT.toNanos();
    Standings now = site.standings();
    while (!(now.agree() && wanted.test(now))) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the two sides do not come to agree: " + now);
      }
      pile.rest(Duration.ofMillis(200));
      now = site.standings();
    }
    return now;
  }

  private void close(Optional<KillPlan> plan) throws Exception {
    site.mining(true);
    driver = site.driver("close", address);
    if (plan.isPresent()) {
      driver.rest(plan.get().delay());
      Victims who = plan.get().victims();
      Standings left = kill(plan.get().moment(), who);
      if (who.pile()) {
        startAgain(Victims.PILE, left);
      }
      if (who.driver()) {
        driver = site.driver("close", address);
      }
    }
    String settled = driver.await(line -> line.startsWith("settled: "));
    assertEquals(0, driver.exit(), driver.said());
    outcomes.merge(settled.substring("settled: ".length()), 1, Integer::sum);
    Standings now =
        agreed(
            standings ->
                standings.pile().channels().values().stream().noneMatch(Standings.Known::isOpen));
    long due = now.common().stream().mapToLong(id -> now.pileMsat(id) / 1000).sum();
    int alone = outcomes.values().stream().mapToInt(Integer::intValue).sum();
    alone -= outcomes.getOrDefault("cooperative close", 0);
    long paid = site.balance("pile");
    assertTrue(
        paid <= due && paid >= due - alone * FEES_AT_MOST,
        "the chain pays the pile %d sat, signed are %d".formatted(paid, due));
    site.mining(false);
    site.fund();
  }
}
