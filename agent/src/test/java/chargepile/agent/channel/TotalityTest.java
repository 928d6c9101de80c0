package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every event in every reachable stage has an answer: no exception, nothing acted on before it is
 * stored, no money made or lost, and a state that survives its bytes.
 */
class TotalityTest {
  private static final int STATES_OF_A_STAGE = 3;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyEventInEveryStageHasAnAnswer(long seed) {
    Random random = new Random(seed);
    try (ChannelPair pair = lives(random)) {
      for (var party : List.of(pair.pile, pair.driver)) {
        for (Channel state : sample(party.states, random)) {
          for (ChannelEvent event : events(pair, state, random)) {
            answer(party, state, event);
          }
        }
      }
    }
  }

  @Test
  void theSampleReachesEveryStage() {
    try (ChannelPair pair = lives(new Random(1))) {
      var reached = new TreeSet<String>();
      pair.pile.states.forEach(state -> reached.add(state.stage().title()));
      pair.driver.states.forEach(state -> reached.add(state.stage().title()));
      assertEquals(
          new TreeSet<>(
              List.of(
                  "Absent",
                  "AwaitingAccept",
                  "AwaitingFunding",
                  "AwaitingFundingCreated",
                  "AwaitingFundingSigned",
                  "AwaitingReady",
                  "Closed",
                  "Closing",
                  "DataLost",
                  "Normal",
                  "Recovering")),
          reached);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void aChannelHitByRandomEventsOneAfterTheOtherStaysWhole(long seed) {
    Random random = new Random(seed);
    try (ChannelPair pair = lives(random)) {
      for (int run = 0; run < 12; run++) {
        var party = random.nextBoolean() ? pair.pile : pair.driver;
        Channel state = party.states.get(random.nextInt(party.states.size()));
        for (int i = 0; i < 25; i++) {
          List<ChannelEvent> events = events(pair, state, random);
          state = answer(party, state, events.get(random.nextInt(events.size())));
        }
      }
    }
  }

  /** A life that passes through every stage, with updates of both sides on their way. */
  private static ChannelPair lives(Random random) {
    ChannelPair pair = new ChannelPair();
    pair.open(pair.driver, new Amount(50_000_000));
    long claimed = 0;
    for (int i = 0; i < 12; i++) {
      claimed += random.nextInt(3_000_000);
      pair.claim(Direction.IMPORT, i, claimed);
      if (i % 4 == 1) {
        pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(2000 + random.nextInt(3000))));
      }
      (random.nextInt(3) == 0 ? pair.pile : pair.driver)
          .on(new Payment(i).offer(1_000 + random.nextInt(9_000_000), 500 + i));
      for (int j = random.nextInt(6); j > 0; j--) {
        pair.step();
      }
      answer(pair.pile, random);
      answer(pair.driver, random);
      if (i % 5 == 4) {
        pair.disconnect();
        pair.connect();
      }
    }
    pair.run();
    while (Payment.fulfilAll(pair.pile, 12) | Payment.fulfilAll(pair.driver, 12)) {
      pair.run();
    }
    Channel old = pair.driver.stored;
    pair.charge(100, claimed + 1_000_000);
    Channel before = pair.driver.state;
    pair.charge(200, claimed + 2_000_000);
    pair.disconnect();
    Channel now = pair.driver.state;
    pair.driver.stored = old;
    pair.driver.restart();
    pair.pile.on(new ChannelEvent.Connected());
    pair.driver.on(new ChannelEvent.Connected());
    pair.driver.on(
        new ChannelEvent.Received(
            ((ChannelAction.Send)
                    pair
                        .pile
                        .machine
                        .on(pair.pile.state, new ChannelEvent.Connected())
                        .actions()
                        .stream()
                        .filter(ChannelAction.Send.class::isInstance)
                        .findFirst()
                        .orElseThrow())
                .messages()
                .getFirst()));
    pair.pile.on(new ChannelEvent.Disconnected());
    pair.driver.states.add(before);
    StaticChannel kept = before.kept().orElseThrow();
    for (Link link : Link.values()) {
      pair.driver.states.add(new Channel(link, new Stage.Recovering(kept)));
    }
    pair.driver.state = now;
    pair.connect();
    pair.run();
    if (random.nextBoolean()) {
      pair.pile.on(new ChannelEvent.CloseCooperatively());
    } else {
      pair.driver.on(new ChannelEvent.CloseUnilaterally("test"));
    }
    pair.run();
    pair.mine(ChannelPair.FINAL);
    pair.mine(ChannelPair.DELAY);
    pair.mine(ChannelPair.FINAL);
    return pair;
  }

  private static void answer(ChannelPair.Party party, Random random) {
    party
        .commitments()
        .receivedHtlcs()
        .forEach(
            htlc -> {
              if (random.nextInt(3) == 0) {
                party.on(
                    random.nextBoolean()
                        ? Payment.failure(htlc.id())
                        : new ChannelEvent.FulfillHtlc(htlc.id(), Payment.of(htlc, 12).preimage()));
              }
            });
  }

  private static List<Channel> sample(List<Channel> states, Random random) {
    Map<String, List<Channel>> byStage = new HashMap<>();
    for (Channel state : states) {
      byStage
          .computeIfAbsent(
              state.stage().title() + state.link() + htlcs(state), kind -> new ArrayList<>())
          .add(state);
    }
    List<Channel> sample = new ArrayList<>();
    byStage.forEach(
        (kind, all) -> {
          Collections.shuffle(all, random);
          sample.addAll(all.subList(0, Math.min(STATES_OF_A_STAGE, all.size())));
        });
    return sample;
  }

  private static String htlcs(Channel state) {
    return state.commitments().filter(Commitments::hasHtlcs).isPresent() ? " with HTLCs" : "";
  }

  private static List<ChannelEvent> events(ChannelPair pair, Channel state, Random random) {
    RandomMessages messages = new RandomMessages(random);
    List<ChannelMessage> heard = new ArrayList<>(pair.said);
    pair.said.forEach(message -> messages.mutated(message).ifPresent(heard::add));
    heard.addAll(messages.ofEveryType(id(state)));
    heard.addAll(messages.ofEveryType(new ChannelId(ByteVector32.Zeroes)));
    List<ChannelEvent> events = new ArrayList<>();
    heard.forEach(message -> events.add(new ChannelEvent.Received(message)));
    Transaction any = pair.chain.block(pair.chain.tip()).orElseThrow().tx.getFirst();
    events.addAll(
        List.of(
            new ChannelEvent.Connected(),
            new ChannelEvent.Disconnected(),
            new ChannelEvent.FundingBuilt(any),
            new ChannelEvent.FundingFailed("no money"),
            new ChannelEvent.CloseCooperatively(),
            new ChannelEvent.CloseUnilaterally("test"),
            new ChannelEvent.Refuse("test"),
            new ChannelEvent.SetFeerate(new Feerate(random.nextInt(60_000))),
            new Payment(random.nextInt(20))
                .offer(random.nextLong(400_000_000), random.nextLong(600_000_000)),
            new ChannelEvent.AddHtlc(
                new Amount(Long.MAX_VALUE), ByteVector32.One, 500, Payment.ONION),
            new ChannelEvent.AddHtlc(new Amount(10_000), ByteVector32.One, 500, ByteVector.empty),
            new ChannelEvent.FulfillHtlc(
                random.nextInt(8), new Payment(random.nextInt(12)).preimage()),
            Payment.failure(random.nextInt(8)),
            new ChannelEvent.FailHtlc(random.nextInt(8), new ByteVector(new byte[70_000])),
            new ChannelEvent.Open(
                new ChannelId(ByteVector32.One),
                new Satoshi(random.nextLong(2_000_000)),
                new Amount(random.nextLong(2_000_000_000)),
                new Feerate(random.nextInt(60_000))),
            new ChannelEvent.ClaimEnergy(
                ChannelPair.SESSION,
                random.nextBoolean() ? Direction.IMPORT : Direction.EXPORT,
                new MilliWattHours(random.nextLong(Long.MAX_VALUE)),
                random.nextLong(Long.MAX_VALUE),
                new Amount(random.nextLong(2_000_000_000)),
                7,
                ByteVector.empty)));
    events.addAll(views(pair, state, any));
    return events;
  }

  private static List<ChannelEvent> views(ChannelPair pair, Channel state, Transaction any) {
    List<ChannelEvent> views = new ArrayList<>();
    BlockHeight tip = pair.chain.tip();
    Watches watches = Watching.of(state.stage());
    views.add(
        new ChannelEvent.ChainChanged(pair.chain.view(watches.outputs(), watches.transactions())));
    views.add(
        new ChannelEvent.ChainChanged(
            new ChainView(tip, new Feerate(0), Map.of(), Map.of(), Map.of())));
    for (Channel other : List.of(pair.pile.state, state)) {
      for (Transaction spending : spending(other, any)) {
        for (int depth : List.of(0, 1, ChannelPair.FINAL, ChannelPair.DELAY)) {
          Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
          state
              .kept()
              .ifPresent(
                  kept ->
                      spends.put(
                          kept.funding(),
                          new ChainView.Spend(
                              spending,
                              depth == 0
                                  ? Optional.empty()
                                  : Optional.of(new BlockHeight(tip.value() - depth + 1)))));
          views.add(
              new ChannelEvent.ChainChanged(
                  new ChainView(tip, new Feerate(2000), Map.of(), spends, Map.of())));
        }
      }
    }
    return views;
  }

  private static List<Transaction> spending(Channel state, Transaction any) {
    return state.stage() instanceof Stage.Closing closing
        ? closing.mutual().map(mutual -> List.of(any, mutual)).orElse(List.of(any))
        : List.of(any);
  }

  private static ChannelId id(Channel state) {
    return switch (state.stage()) {
      case Stage.Funded funded -> funded.commitments().channelId();
      case Stage.Closed closed ->
          closed.last().map(Commitments::channelId).orElse(new ChannelId(ByteVector32.One));
      case Stage.Recovering recovering -> recovering.kept().id();
      default -> new ChannelId(ByteVector32.One);
    };
  }

  private static Channel answer(ChannelPair.Party party, Channel state, ChannelEvent event) {
    ChannelTransition transition;
    try {
      transition = party.machine.on(state, event);
    } catch (RuntimeException e) {
      throw new AssertionError("%s in %s: %s".formatted(event, state.stage().title(), e), e);
    }
    Channel next = transition.next();
    assertStoredFirst(transition.actions(), event);
    next.commitments().ifPresent(Agreement::assertWhole);
    Channel read = ChannelCodec.decode(ChannelCodec.encode(next));
    assertEquals(next.stage(), read.stage(), "the state survives its bytes");
    if (state.stage() instanceof Stage.Closed) {
      assertEquals(state.stage(), next.stage(), "what is settled stays settled");
    }
    if (state.stage() instanceof Stage.Recovering recovering) {
      assertTrue(
          transition.actions().stream()
              .filter(ChannelAction.Broadcast.class::isInstance)
              .flatMap(action -> ((ChannelAction.Broadcast) action).transaction().txIn.stream())
              .noneMatch(input -> input.outPoint.equals(recovering.kept().funding())),
          "nothing is published that spends the funding output of a lost channel");
    }
    if (state.stage() instanceof Stage.DataLost) {
      assertTrue(
          transition.actions().stream()
              .filter(ChannelAction.Broadcast.class::isInstance)
              .map(action -> ((ChannelAction.Broadcast) action).purpose())
              .noneMatch("own commitment transaction"::equals),
          "nothing is published from lost data");
    }
    return next;
  }

  private static void assertStoredFirst(List<ChannelAction> actions, ChannelEvent event) {
    boolean stored = false;
    for (ChannelAction action : actions) {
      stored |= action instanceof ChannelAction.Store;
      boolean acts =
          action instanceof ChannelAction.Send || action instanceof ChannelAction.Broadcast;
      assertTrue(stored || !acts, () -> event + " acts before it stores: " + actions);
    }
  }
}
