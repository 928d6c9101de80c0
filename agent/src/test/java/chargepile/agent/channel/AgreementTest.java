package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the order of claims, HTLCs, fee changes, refusals, closes, cuts and restarts: the
 * channel comes to its end, and nobody gets less than a state that both signed gave.
 */
class AgreementTest {
  /** Commitment, anchors and sweep at the highest feerate used here. */
  private static final long FUNDERS_FEES = 8_500;

  /** An HTLC output at the highest feerate used here. */
  private static final long HTLC_FEE = 1_032;

  /** A sweep, or a balance below the dust limit. */
  private static final long OTHERS_FEES = 1_000;

  /** Till the last HTLC's timeout, its second stage's delay, and both final. */
  private static final int LONGEST_END = 80 + ChannelPair.DELAY + 3 * ChannelPair.FINAL;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 45);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyInterleavingEndsAndNobodyLosesToTheOther(long seed) {
    Random random = new Random(seed);
    try (ChannelPair pair = new ChannelPair()) {
      var funder = random.nextInt(3) == 0 ? pair.pile : pair.driver;
      pair.open(funder, new Amount(random.nextInt(500_000_000)));
      play(pair, funder, random);
      end(pair, funder, random);
    }
  }

  private static void play(ChannelPair pair, ChannelPair.Party funder, Random random) {
    long imported = 0;
    long exported = 0;
    int closeAt = random.nextInt(160);
    for (int i = 0; i < 120; i++) {
      var party = random.nextBoolean() ? pair.pile : pair.driver;
      switch (random.nextInt(18)) {
        case 0, 1, 2 -> {
          imported += random.nextInt(4_000_000);
          pair.claim(Direction.IMPORT, i, imported);
        }
        case 3 -> {
          exported += random.nextInt(2_000_000);
          pair.claim(Direction.EXPORT, i, exported);
        }
        case 4 -> funder.on(new ChannelEvent.SetFeerate(new Feerate(500 + random.nextInt(5500))));
        case 5 -> {
          pair.disconnect();
          if (random.nextBoolean()) {
            party.restart();
          }
          pair.connect();
        }
        case 6 -> pair.mine(1);
        case 7, 8 ->
            party.on(
                new Payment(i).offer(1_000 + random.nextInt(60_000_000), expiry(pair, random)));
        case 9, 10 -> answer(party, random);
        default -> {
          for (int j = random.nextInt(4); j > 0; j--) {
            (random.nextBoolean() ? pair.pile : pair.driver).hear();
          }
        }
      }
      if (i == closeAt) {
        switch (random.nextInt(5)) {
          case 0, 1 -> pair.driver.on(new ChannelEvent.Refuse("not as agreed"));
          case 2 -> pair.pile.on(new ChannelEvent.CloseCooperatively());
          case 3 -> pair.driver.on(new ChannelEvent.CloseCooperatively());
          default -> party.on(new ChannelEvent.CloseUnilaterally("test"));
        }
      }
    }
  }

  private static long expiry(ChannelPair pair, Random random) {
    return pair.chain.tip().value() + 40 + random.nextInt(40);
  }

  /** Fulfils or fails what waits for it; false when nothing does. */
  private static boolean answer(ChannelPair.Party party, Random random) {
    if (!(party.state.stage() instanceof Stage.Normal)) {
      return false;
    }
    var waiting = party.commitments().receivedHtlcs();
    waiting.forEach(
        htlc ->
            party.on(
                random.nextInt(3) == 0
                    ? Payment.failure(htlc.id())
                    : new ChannelEvent.FulfillHtlc(htlc.id(), Payment.of(htlc, 120).preimage())));
    return !waiting.isEmpty() && party.state.link() == Link.UP;
  }

  private static void end(ChannelPair pair, ChannelPair.Party funder, Random random) {
    if (random.nextInt(3) == 0) {
      pair.disconnect();
      pair.connect();
    }
    pair.run();
    while (answer(pair.pile, random) | answer(pair.driver, random)) {
      pair.run();
    }
    boolean ended =
        Stream.of(pair.pile, pair.driver)
            .anyMatch(
                party ->
                    !(party.state.stage() instanceof Stage.Normal normal)
                        || normal.closing().isPresent());
    if (!ended) {
      Agreement.assertAgreed(pair);
      (random.nextBoolean() ? pair.pile : pair.driver).on(new ChannelEvent.CloseCooperatively());
      pair.run();
    }
    long pile = least(pair.pile);
    long driver = least(pair.driver);
    for (int i = 0; i < LONGEST_END && !(isClosed(pair.pile) && isClosed(pair.driver)); i++) {
      pair.mine(1);
    }
    for (var party : List.of(pair.pile, pair.driver)) {
      assertInstanceOf(
          Stage.Closed.class, party.state.stage(), () -> party.name + " is wedged: " + words(pair));
      assertEquals(List.of(), alerts(party));
    }
    assertPaid(pair.pile, pile, funder);
    assertPaid(pair.driver, driver, funder);
  }

  private static boolean isClosed(ChannelPair.Party party) {
    return party.state.stage() instanceof Stage.Closed;
  }

  /** What a person had to see to; a wallet that was empty for a while is no such thing. */
  private static List<String> alerts(ChannelPair.Party party) {
    return party.alerts.stream().filter(text -> !text.contains("stays unpaid until")).toList();
  }

  private static List<String> words(ChannelPair pair) {
    return pair.said.stream().map(message -> message.getClass().getSimpleName()).toList();
  }

  private static void assertPaid(ChannelPair.Party party, long least, ChannelPair.Party funder) {
    long fees = OTHERS_FEES + (party == funder ? FUNDERS_FEES + HTLC_FEE * htlcs(party) : 0);
    long got = party.home().value();
    assertTrue(
        got >= least - fees, () -> "%s got %,d of %,d sat".formatted(party.name, got, least));
  }

  /** The most HTLCs in any commitment of {@code party}'s life. */
  private static int htlcs(ChannelPair.Party party) {
    return party.states.stream()
        .flatMap(state -> state.commitments().stream())
        .mapToInt(now -> Math.toIntExact(now.htlcs().count()))
        .max()
        .orElse(0);
  }

  /** What the worst for {@code party} of the commitments not revoked yet gives it, in satoshi. */
  private static long least(ChannelPair.Party party) {
    return party
            .state
            .commitments()
            .or(() -> ((Stage.Closed) party.state.stage()).last())
            .map(
                now ->
                    LongStream.concat(
                            LongStream.of(
                                now.local().allocation().spec().toLocal().value(),
                                now.remote().allocation().spec().toRemote().value()),
                            now.remoteNext().stream()
                                .mapToLong(
                                    next -> next.commit().allocation().spec().toRemote().value()))
                        .min()
                        .getAsLong())
            .orElseThrow()
        / 1000;
  }
}
