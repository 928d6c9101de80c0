package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LookedChainTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final OutPoint ONE = new OutPoint(new TxId("11".repeat(32)), 0);
  private static final OutPoint OTHER = new OutPoint(new TxId("22".repeat(32)), 0);

  private final Queue<ChainView> views = new ArrayDeque<>();
  private final LookedChain chain = new LookedChain(answering(), InstantSource.fixed(NOW));

  @Test
  void nothingIsKnownBeforeTheFirstAnswer() {
    assertEquals(Optional.empty(), chain.last());
    assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of()));
    assertEquals(Optional.empty(), chain.last());
  }

  @Test
  void theLastAnswerStaysWhileTheChainIsAway() {
    views.add(view(100, Map.of()));
    ChainView unused = chain.view(Set.of(ONE), Set.of());
    assertThrows(ChainException.class, () -> chain.view(Set.of(ONE), Set.of()));

    assertEquals(
        Optional.of(new LookedChain.Look(NOW, new BlockHeight(100), new Feerate(500), Map.of())),
        chain.last());
  }

  @Test
  void aSpendIsKnownUntilItsOutputIsSeenUnspentAgain() {
    views.add(view(100, Map.of(ONE, 99)));
    views.add(view(101, Map.of(OTHER, 101)));
    views.add(view(100, Map.of()));
    ask(Set.of(ONE));
    ask(Set.of(OTHER));
    assertEquals(Map.of(ONE, new BlockHeight(99), OTHER, new BlockHeight(101)), spends());

    ask(Set.of(ONE)); // a reorganisation took the spend away
    assertEquals(Map.of(OTHER, new BlockHeight(101)), spends());
  }

  private void ask(Set<OutPoint> outputs) {
    ChainView unused = chain.view(outputs, Set.of());
  }

  private Map<OutPoint, BlockHeight> spends() {
    return chain.last().orElseThrow().minedSpends();
  }

  private static ChainView view(int tip, Map<OutPoint, Integer> mined) {
    Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
    mined.forEach(
        (output, height) ->
            spends.put(
                output,
                new ChainView.Spend(
                    new Transaction(2, List.of(), List.of(), 0),
                    Optional.of(new BlockHeight(height)))));
    return new ChainView(new BlockHeight(tip), new Feerate(500), Map.of(), spends, Map.of());
  }

  private Chain answering() {
    return (Chain)
        Proxy.newProxyInstance(
            Chain.class.getClassLoader(),
            new Class<?>[] {Chain.class},
            (proxy, method, arguments) -> {
              ChainView view = views.poll();
              if (view == null) {
                throw new ChainException("away");
              }
              return view;
            });
  }
}
