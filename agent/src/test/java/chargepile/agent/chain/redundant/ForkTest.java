package chargepile.agent.chain.redundant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.BlockHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ForkTest {
  private static Optional<Fork> fork(ScriptedChain a, ScriptedChain b) throws Exception {
    return Fork.between(a.tip(), a::hashAt, b.tip(), b::hashAt);
  }

  private static ScriptedChain chain(List<BlockHash> common, int own) {
    List<BlockHash> blocks = new ArrayList<>(common);
    blocks.addAll(ScriptedChain.fresh(own));
    return new ScriptedChain("chain", 1000, blocks);
  }

  @Property(tries = 300)
  void itIsWhereTheFirstBlocksDiffer(
      @ForAll @IntRange(min = 1, max = 300) int common,
      @ForAll @IntRange(min = 1, max = 300) int ofFirst,
      @ForAll @IntRange(min = 1, max = 300) int ofSecond)
      throws Exception {
    List<BlockHash> shared = ScriptedChain.fresh(common);
    ScriptedChain a = chain(shared, ofFirst);
    ScriptedChain b = chain(shared, ofSecond);

    Fork fork = fork(a, b).orElseThrow();

    assertEquals(common, fork.height().value());
    assertEquals(a.blocks().get(common), fork.first());
    assertEquals(b.blocks().get(common), fork.second());
    assertEquals(Math.min(ofFirst, ofSecond), fork.depth());
    assertTrue(a.questions.get() < 30, () -> a.questions + " questions");
  }

  @Property(tries = 100)
  void aChainAndItsContinuationHaveNone(
      @ForAll @IntRange(min = 1, max = 100) int common,
      @ForAll @IntRange(min = 0, max = 10) int more)
      throws Exception {
    List<BlockHash> shared = ScriptedChain.fresh(common);

    assertEquals(Optional.empty(), fork(chain(shared, 0), chain(shared, more)));
    assertEquals(Optional.empty(), fork(chain(shared, more), chain(shared, 0)));
  }

  @Property(tries = 20)
  void chainsWithNothingInCommonPartAtTheirFirstBlock(
      @ForAll @IntRange(min = 1, max = 50) int length) throws Exception {
    Fork fork = fork(chain(List.of(), length), chain(List.of(), length)).orElseThrow();

    assertEquals(0, fork.height().value());
    assertEquals(length, fork.depth());
  }
}
