package chargepile.agent.channel;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** States that a channel really was in. */
public final class ChannelStates {
  private ChannelStates() {}

  /** The first and the last state of each stage in a life that ends in a cooperative close. */
  public static List<Channel> ofEveryStage() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, new Amount(50_000_000));
      pair.charge(1000, 20_000_000);
      pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(3000)));
      pair.claim(Direction.IMPORT, 2000, 40_000_000);
      pair.step();
      pair.step();
      pair.step();
      pair.run();
      pair.driver.on(new Payment(0).offer(30_000_000, 500));
      pair.run();
      pair.pile.on(new ChannelEvent.FulfillHtlc(0, new Payment(0).preimage()));
      pair.run();
      pair.pile.on(new ChannelEvent.CloseCooperatively());
      pair.run();
      pair.mine(ChannelPair.FINAL);
      Map<String, Channel> first = new LinkedHashMap<>();
      Map<String, Channel> last = new LinkedHashMap<>();
      for (Channel state : all(pair)) {
        first.putIfAbsent(state.stage().title(), state);
        last.put(state.stage().title(), state);
      }
      List<Channel> states = new ArrayList<>(first.values());
      states.addAll(last.values());
      states.addAll(underWay(pair));
      return List.copyOf(states);
    }
  }

  private static List<Channel> all(ChannelPair pair) {
    Commitments some =
        pair.pile.states.reversed().stream()
            .map(Channel::commitments)
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow();
    return Stream.of(
            pair.pile.states.stream(),
            pair.driver.states.stream(),
            Stream.of(new Channel(Link.DOWN, new Stage.DataLost(some))),
            recovered(some))
        .flatMap(states -> states)
        .toList();
  }

  private static Stream<Channel> recovered(Commitments some) {
    StaticChannel kept = new StaticChannel(some.setup(), some.funding());
    return Stream.of(
        new Channel(Link.DOWN, new Stage.Recovering(kept)),
        new Channel(Link.DOWN, Stage.Closed.recovered("a test", kept)));
  }

  /** With a commitment signed whose predecessor is not revoked. */
  private static List<Channel> underWay(ChannelPair pair) {
    return pair.driver.states.stream()
        .filter(state -> state.commitments().flatMap(Commitments::remoteNext).isPresent())
        .limit(12)
        .toList();
  }
}
