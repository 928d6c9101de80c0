package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Outcome;
import chargepile.agent.runtime.Charge.Ending;
import chargepile.agent.runtime.Charge.Story;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
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
      long byPile,
      long byDriver) {}

  private static final Map<Story, Undisturbed> STORIES = new EnumMap<>(Story.class);
  private static final Map<Attack, Map<String, Long>> TABLE = new ConcurrentHashMap<>();

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
                charge.nodes.delivered(),
                charge.outcome(),
                charge.pile.accepted(),
                charge.driver.accepted()));
      }
    }
  }

  @AfterAll
  static void showTheTable() {
    new TreeSet<>(TABLE.keySet())
        .forEach(attack -> System.out.printf("%-24s %s%n", attack, TABLE.get(attack)));
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

  @Test
  void theStoriesHoldEveryMessage() {
    Set<String> contents = new HashSet<>();
    STORIES
        .values()
        .forEach(
            story ->
                story
                    .frames()
                    .forEach(frame -> contents.addAll(List.of(frame.content().split(" ")))));
    Map<String, Boolean> found = new HashMap<>();
    Stream.of(
            "one",
            "two",
            "three",
            "OpenChannel",
            "AcceptChannel",
            "FundingCreated",
            "FundingSigned",
            "ChannelReady",
            "ChannelReestablish",
            "SessionOffer",
            "SessionAccept",
            "SessionStop",
            "SessionSummary",
            "EnergyUpdate",
            "CommitmentSigned",
            "RevokeAndAck",
            "UpdateFee",
            "UpdateAddHtlc",
            "UpdateFulfillHtlc",
            "UpdateFailHtlc",
            "Warning",
            "Shutdown",
            "ClosingSigned",
            "ErrorMessage",
            "goodbye",
            "life")
        .forEach(name -> found.put(name, contents.contains(name)));
    assertTrue(!found.containsValue(false), () -> "missing in " + found);
    assertEquals(Ending.PAID_IN_FULL, undisturbed(Story.TO_THE_END).ending());
    assertEquals(Ending.STOPPED, undisturbed(Story.PILE_FORCES).ending());
    assertEquals(Ending.PAID_IN_FULL, undisturbed(Story.DRIVER_STOPS).ending());
    assertEquals(Ending.PAID_IN_FULL, undisturbed(Story.CERTIFIED).ending());
  }

  @ParameterizedTest
  @MethodSource("thatAdd")
  void whatIsAddedToEveryFrameIsWithoutEffect(Attack attack) {
    Arrays.stream(Story.values()).parallel().forEach(story -> addToEveryFrame(attack, story));
  }

  private static void addToEveryFrame(Attack attack, Story story) {
    Undisturbed usual = undisturbed(story);
    try (Charge charge = new Charge(story, Charge.usual(), attack, Adversary.EVERY, 1).run()) {
      assertEquals(List.of(), charge.faults(), story::toString);
      assertTrue(charge.eve.struck() >= usual.frames().size(), "all were attacked");
      assertTrue(charge.eve.deeds() >= usual.frames().size(), "something was added to each");
      assertEquals(usual.ending(), charge.ending());
      assertEquals(usual.outcome(), charge.outcome());
      assertEquals(usual.delivered(), charge.nodes.delivered());
      assertEquals(usual.byPile(), charge.pile.accepted(), "the pile heard what it should");
      assertEquals(usual.byDriver(), charge.driver.accepted(), "and so did the driver");
      assertTrue(charge.pile.refused() + charge.driver.refused() > usual.frames().size());
      note(attack, "undisturbed, at " + charge.eve.struck() + " frames");
    }
  }

  @ParameterizedTest
  @MethodSource("thatTakeOne")
  void aFrameTakenAwayCostsTimeOnly(Attack attack) {
    places(attack).parallelStream()
        .forEach(
            place -> {
              try (Charge charge = attacked(attack, place)) {
                Undisturbed usual = undisturbed(place.story());
                assertEquals(usual.ending(), charge.ending(), place::toString);
                assertEquals(usual.outcome(), charge.outcome(), place::toString);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("thatTakeAll")
  void fromThereOnItCanOnlyStopTheSession(Attack attack) {
    places(attack).parallelStream().forEach(place -> attacked(attack, place).close());
    assertTrue(endings(attack).getOrDefault("STOPPED", 0L) > 5, () -> endings(attack).toString());
    assertTrue(
        endings(attack).getOrDefault("NEVER_BEGUN", 0L) > 5, () -> endings(attack).toString());
  }

  @Test
  void commandsStopSessionsAndMoveNoMoney() {
    places(Attack.COMMAND).parallelStream()
        .forEach(place -> attacked(Attack.COMMAND, place).close());
    assertTrue(endings(Attack.COMMAND).size() > 1, () -> endings(Attack.COMMAND).toString());
  }

  private static Charge attacked(Attack attack, Place place) {
    Charge charge = new Charge(place.story(), Charge.usual(), attack, place.number(), 1).run();
    assertEquals(List.of(), charge.faults(), () -> attack + " on " + place);
    assertTrue(charge.eve.struck() > 0 && charge.eve.deeds() > 0, () -> "no hit on " + place);
    assertEquals(place.content(), charge.content(place.number()), "the frame that was meant");
    note(attack, charge.ending().name());
    return charge;
  }
}
