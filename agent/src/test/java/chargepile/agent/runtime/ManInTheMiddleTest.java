package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Outcome;
import chargepile.agent.runtime.Charge.Ending;
import chargepile.agent.runtime.Charge.Story;
import chargepile.agent.store.SettlementRow;
import chargepile.agent.units.Direction;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody owns the broker between a pile and a driver, and attacks each of their messages in each
 * way (P1-46). Whatever it does, nobody acts upon what the other did not say, in that order and
 * once; the balances are the last that both signed; no more is unpaid than the credit; and where
 * the session does not go on, the contactor is open.
 *
 * <p>Of messages that come up again and again the first of a kind is attacked; all of them with
 * {@code -Dchargepile.mitm.all=true}.
 */
final class ManInTheMiddleTest {
  private static final boolean ALL = Boolean.getBoolean("chargepile.mitm.all");

  /** A frame of a story, to be attacked. */
  record Place(Story story, int number, String content) {
    boolean isAct() {
      return content.startsWith("act ");
    }

    @Override
    public String toString() {
      return "%s of %s (frame %d)".formatted(content, story, number);
    }
  }

  /** How a story goes when nobody interferes. */
  record Undisturbed(
      List<Place> frames,
      List<Boolean> toPile,
      Ending ending,
      long delivered,
      Optional<Outcome> outcome,
      List<Direction> settled,
      long byPile,
      long byDriver,
      long refused,
      long arrivals) {}

  private static final Map<Story, Undisturbed> STORIES = new EnumMap<>(Story.class);
  private static final Map<Attack, Map<String, Long>> TABLE = new ConcurrentHashMap<>();

  /** What took effect in all runs of an attack. */
  private static final Map<Attack, Map<String, Long>> EFFECTS = new ConcurrentHashMap<>();

  @BeforeAll
  static void tellTheStoriesUndisturbed() {
    for (Story story : Story.values()) {
      try (Charge charge = new Charge(story, Charge.usual(), Attack.NONE, 0, 1).run()) {
        assertEquals(List.of(), charge.faults());
        List<Place> frames =
            IntStream.range(0, charge.eve.frames.size())
                .mapToObj(i -> new Place(story, i, charge.content(i)))
                .toList();
        STORIES.put(
            story,
            new Undisturbed(
                frames,
                charge.eve.frames.stream().map(Adversary.Frame::toPile).toList(),
                charge.ending(),
                charge.metered(),
                charge.outcome(),
                settled(charge),
                charge.pile.accepted(),
                charge.driver.accepted(),
                charge.pile.refused() + charge.driver.refused(),
                charge.pile.arrivals() + charge.driver.arrivals()));
      }
    }
  }

  @AfterAll
  static void showTheTable() {
    new TreeSet<>(TABLE.keySet())
        .forEach(
            attack ->
                System.out.printf("%-24s %s %s%n", attack, TABLE.get(attack), EFFECTS.get(attack)));
  }

  /** The directions of the settlement certificates that the driver has, and the pile too. */
  private static List<Direction> settled(Charge charge) {
    List<SettlementRow> atPile = charge.nodes.pileStore.settlements();
    List<SettlementRow> atDriver = charge.nodes.driverStore.settlements();
    assertEquals(atPile, atDriver);
    return atDriver.stream().map(SettlementRow::direction).toList();
  }

  private static Undisturbed undisturbed(Story story) {
    return Objects.requireNonNull(STORIES.get(story));
  }

  private static Map<String, Long> endings(Attack attack) {
    return TABLE.getOrDefault(attack, Map.of());
  }

  private static Stream<Attack> that(Attack.Loss loss) {
    return Arrays.stream(Attack.values())
        .filter(attack -> attack != Attack.NONE && attack.loss() == loss);
  }

  static Stream<Attack> thatAdd() {
    return that(Attack.Loss.NOTHING);
  }

  static Stream<Attack> thatTakeOne() {
    return that(Attack.Loss.ONE);
  }

  static Stream<Attack> thatTakeAll() {
    return that(Attack.Loss.ALL);
  }

  /** Each kind of message in each direction once, and each act of the handshake of each link. */
  private static List<Place> places(Attack attack) {
    Set<String> kinds = new HashSet<>();
    return STORIES.values().stream()
        .flatMap(
            story ->
                story.frames().stream()
                    .filter(
                        frame ->
                            kinds.add(frame.content() + story.toPile().get(frame.number()))
                                || ALL
                                || frame.isAct() && frame.story() == Story.TO_THE_END)
                    .filter(frame -> isFor(attack, frame, story.toPile().get(frame.number()))))
        .toList();
  }

  /** Whether the attack does anything there. */
  private static boolean isFor(Attack attack, Place frame, boolean toPile) {
    return switch (attack) {
      case OTHER_ACT_ONE -> frame.isAct();
      case DROP_ALL_TO_PILE -> toPile;
      case DROP_ALL_TO_DRIVER -> !toPile;
      default -> true;
    };
  }

  private static void note(Attack attack, String what) {
    TABLE.computeIfAbsent(attack, a -> new ConcurrentHashMap<>()).merge(what, 1L, Long::sum);
  }

  /** Of each kind of message, the direction that it goes in; a few go in both. */
  private static final Set<String> BY_THE_DRIVER =
      Set.of(
          "act",
          "OpenChannel",
          "FundingCreated",
          "ChannelReady",
          "ChannelReestablish",
          "Introduction",
          "SessionAccept",
          "SessionStop",
          "SettlementSignature",
          "CommitmentSigned",
          "RevokeAndAck",
          "UpdateFee",
          "UpdateAddHtlc",
          "Warning",
          "Shutdown",
          "ClosingSigned",
          "goodbye",
          "sign");

  private static final Set<String> BY_THE_PILE =
      Set.of(
          "act",
          "AcceptChannel",
          "FundingSigned",
          "ChannelReady",
          "ChannelReestablish",
          "Introduction",
          "SessionOffer",
          "SessionStop",
          "SessionSummary",
          "SettlementProposal",
          "EnergyUpdate",
          "CommitmentSigned",
          "RevokeAndAck",
          "UpdateFulfillHtlc",
          "UpdateFailHtlc",
          "Shutdown",
          "ClosingSigned",
          "ErrorMessage",
          "goodbye",
          "sign");

  @Test
  void theStoriesHoldEveryMessage() {
    Map<Boolean, Set<String>> said = Map.of(true, new TreeSet<>(), false, new TreeSet<>());
    for (Undisturbed story : STORIES.values()) {
      for (Place frame : story.frames()) {
        Set<String> names = Objects.requireNonNull(said.get(story.toPile().get(frame.number())));
        names.addAll(List.of(frame.content().split(" ")));
      }
    }
    said.values().forEach(names -> assertFalse(names.contains("unnamed"), names::toString));
    assertContains(BY_THE_DRIVER, Objects.requireNonNull(said.get(true)));
    assertContains(BY_THE_PILE, Objects.requireNonNull(said.get(false)));
    assertEquals(Ending.PAID_IN_FULL, undisturbed(Story.TO_THE_END).ending());
    assertEquals(Ending.STOPPED, undisturbed(Story.PILE_FORCES).ending());
    assertEquals(Ending.PAID_IN_FULL, undisturbed(Story.DRIVER_STOPS).ending());
    assertEquals(Ending.PAID_IN_FULL, undisturbed(Story.CERTIFIED).ending());
    assertEquals(List.of(Direction.IMPORT), undisturbed(Story.CERTIFIED).settled());
    STORIES.values().forEach(story -> assertTrue(story.delivered() >= 5_000));
  }

  private static void assertContains(Set<String> wanted, Set<String> said) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(said);
    assertEquals(Set.of(), missing);
  }

  @ParameterizedTest
  @MethodSource("thatAdd")
  void whatIsAddedToEveryFrameIsWithoutEffect(Attack attack) {
    Arrays.stream(Story.values()).parallel().forEach(story -> addToEveryFrame(attack, story));
    assertTookEffect(attack);
  }

  private static void addToEveryFrame(Attack attack, Story story) {
    Undisturbed usual = undisturbed(story);
    try (Charge charge = new Charge(story, Charge.usual(), attack, Adversary.EVERY, 1).run()) {
      assertEquals(List.of(), charge.faults(), () -> attack + " in " + story);
      int frames = usual.frames().size();
      assertTrue(charge.eve.struck() >= frames, "all were attacked");
      assertTrue(charge.eve.deeds() >= frames, "something was added to each");
      assertEquals(usual.ending(), charge.ending());
      assertEquals(usual.outcome(), charge.outcome());
      assertEquals(usual.settled(), settled(charge));
      assertEquals(usual.delivered(), charge.metered());
      assertEquals(usual.byPile(), charge.pile.accepted(), "the pile heard what it should");
      assertEquals(usual.byDriver(), charge.driver.accepted(), "and so did the driver");
      long more = charge.pile.arrivals() + charge.driver.arrivals() - usual.arrivals();
      long refused = charge.pile.refused() + charge.driver.refused() - usual.refused();
      assertTrue(more >= frames / 2, () -> attack + " added " + more + " to " + frames);
      assertTrue(refused >= frames / 2, () -> refused + " more than usual were refused");
      note(attack, "undisturbed, at " + charge.eve.struck() + " frames");
      note(attack, "more arrived", more);
      note(attack, charge);
    }
  }

  @ParameterizedTest
  @MethodSource("thatTakeOne")
  void aFrameTakenAwayCostsTimeOnly(Attack attack) {
    assertEveryKind(attack);
    places(attack).parallelStream()
        .forEach(
            place -> {
              try (Charge charge = attacked(attack, place)) {
                Undisturbed usual = undisturbed(place.story());
                assertEquals(usual.ending(), charge.ending(), () -> attack + " on " + place);
                assertEquals(usual.outcome(), charge.outcome(), () -> attack + " on " + place);
                assertEquals(usual.settled(), settled(charge), () -> attack + " on " + place);
                assertTaken(attack, place, charge);
              }
            });
    assertTookEffect(attack);
  }

  /** The frame never came as it was; for those that come later, that is not so. */
  private static void assertTaken(Attack attack, Place place, Charge charge) {
    switch (attack) {
      case DROP, RANDOM_BYTES, FLIP_ONE_BIT, EXCHANGE -> {
        Adversary.Frame frame = charge.eve.frames.get(place.number());
        Ear receiver = frame.toPile() ? charge.pile : charge.driver;
        assertFalse(receiver.heard(frame.topic(), frame.bytes()), () -> attack + " on " + place);
      }
      default -> {}
    }
  }

  @ParameterizedTest
  @MethodSource("thatTakeAll")
  void fromThereOnItCanOnlyStopTheSession(Attack attack) {
    assertEveryKind(attack);
    places(attack).parallelStream().forEach(place -> attacked(attack, place).close());
    assertTrue(endings(attack).getOrDefault("STOPPED", 0L) > 5, () -> endings(attack).toString());
    assertTrue(
        endings(attack).getOrDefault("NEVER_BEGUN", 0L) > 5, () -> endings(attack).toString());
    assertTookEffect(attack);
  }

  @Test
  void commandsStopSessionsAndMoveNoMoney() {
    assertEveryKind(Attack.COMMAND);
    places(Attack.COMMAND).parallelStream()
        .forEach(
            place -> {
              try (Charge charge = attacked(Attack.COMMAND, place)) {
                var unused = settled(charge); // the same at both, as no frame is lost
              }
            });
    assertTrue(endings(Attack.COMMAND).size() > 1, () -> endings(Attack.COMMAND).toString());
    assertTookEffect(Attack.COMMAND);
  }

  private static void assertEveryKind(Attack attack) {
    int least =
        switch (attack) {
          case OTHER_ACT_ONE -> 9;
          case DROP_ALL_TO_PILE -> BY_THE_DRIVER.size();
          case DROP_ALL_TO_DRIVER -> BY_THE_PILE.size();
          default -> BY_THE_DRIVER.size() + BY_THE_PILE.size();
        };
    assertTrue(places(attack).size() >= least, () -> attack + " at " + places(attack));
  }

  private static Charge attacked(Attack attack, Place place) {
    Charge charge = new Charge(place.story(), Charge.usual(), attack, place.number(), 1).run();
    assertEquals(List.of(), charge.faults(), () -> attack + " on " + place);
    assertTrue(charge.eve.struck() > 0 && charge.eve.deeds() > 0, () -> "no hit on " + place);
    assertEquals(place.content(), charge.content(place.number()), "the frame that was meant");
    note(attack, charge.ending().name());
    note(attack, charge);
    return charge;
  }

  private static void note(Attack attack, String effect, long times) {
    EFFECTS.computeIfAbsent(attack, a -> new ConcurrentHashMap<>()).merge(effect, times, Long::sum);
  }

  private static void note(Attack attack, Charge charge) {
    charge.eve.effects().forEach((effect, times) -> note(attack, effect, times));
  }

  /** What an attack is for has happened, in one run at least. */
  private static void assertTookEffect(Attack attack) {
    Map<String, Long> effects = EFFECTS.getOrDefault(attack, Map.of());
    Set<String> wanted =
        switch (attack) {
          case SPLICE -> Set.of("spliced");
          case OTHER_PROTOCOLS -> Set.of("an act two without the pile's key");
          case OTHER_ACT_ONE -> Set.of("an earlier act one");
          case EXCHANGE -> Set.of("exchanged");
          case SPEAK_AS_ITSELF ->
              Set.of(Stranger.OPENED, Stranger.SPOKE_OF_SESSION, Stranger.HEARD);
          case IMPERSONATE ->
              Set.of(
                  "answered in the pile's place",
                  "shook hands with the pile",
                  Adversary.HEARD_ON_OWN_LINK);
          case COMMAND ->
              Set.of(
                  "pause done",
                  "pause refused",
                  "resume done",
                  "resume refused",
                  "clear-faults done",
                  "limit done",
                  "limit refused",
                  "stop done",
                  "stop refused",
                  "start refused",
                  Adversary.FORGOT_SESSION,
                  "close-channel done",
                  "close-channel refused");
          default -> Set.of();
        };
    assertTrue(effects.keySet().containsAll(wanted), () -> attack + " came to " + effects);
    assertFalse(effects.containsKey(Adversary.BELIEVED), () -> attack + " came to " + effects);
  }
}
