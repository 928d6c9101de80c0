package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.TipChain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenChainTest {
  private static final Instant MADE = Instant.parse("2026-05-01T12:00:00Z");

  private final OneBlock block = new OneBlock();
  private Instant now = MADE;
  private final SeenChain seen = new SeenChain(block, () -> now);

  @Test
  void theHeightIsThatOfTheLastAnswer() {
    assertEquals(Optional.empty(), seen.height());
    look();
    assertEquals(Optional.of(new BlockHeight(7)), seen.height());
    block.away = true;
    assertThrows(ChainException.class, this::look);
    assertEquals(Optional.of(new BlockHeight(7)), seen.height());
  }

  @Test
  void aNewBlockIsAskedForItsTimeOnce() {
    look();
    look();
    assertEquals(1, block.asked);
    block.height = 8;
    look();
    assertEquals(2, block.asked);
  }

  @Test
  void twoHoursBehindABlockTheClockIsWrong() {
    now = MADE.minus(Duration.ofHours(2));
    look();
    assertEquals(Optional.empty(), seen.doubt(), "a miner's clock may be early");
    now = now.minusSeconds(1);
    assertEquals(
        Optional.of(
            "this machine's clock is wrong: block 7 was made at 2026-05-01T12:00:00Z, which it"
                + " takes for the future: set it (timedatectl)"),
        seen.doubt());
    now = MADE;
    assertEquals(Optional.empty(), seen.doubt(), "once it is set all is well");
  }

  @Test
  void aSpendIsKnownUntilItsOutputIsSeenUnspentAgain() {
    OutPoint one = new OutPoint(new TxId("11".repeat(32)), 0);
    OutPoint other = new OutPoint(new TxId("22".repeat(32)), 0);
    block.spends = Map.of(one, spend(6));
    look(one);
    block.spends = Map.of(other, spend(7));
    look(other);
    assertEquals(Map.of(one, new BlockHeight(6), other, new BlockHeight(7)), spends());

    block.spends = Map.of(); // a reorganisation took it away
    look(one);
    assertEquals(Map.of(other, new BlockHeight(7)), spends());
  }

  private static ChainView.Spend spend(int height) {
    return new ChainView.Spend(
        new Transaction(2, List.of(), List.of(), 0), Optional.of(new BlockHeight(height)));
  }

  private Map<OutPoint, BlockHeight> spends() {
    return seen.last().orElseThrow().minedSpends();
  }

  private void look(OutPoint output) {
    ChainView unused = seen.view(Set.of(output), Set.of());
  }

  private void look() {
    ChainView unused = seen.view(Set.of(), Set.of());
  }

  /** A chain with one block on top. */
  private static final class OneBlock implements TipChain {
    int height = 7;
    int asked;
    boolean away;
    Map<OutPoint, ChainView.Spend> spends = Map.of();

    @Override
    public ChainTip tip() {
      asked++;
      return new ChainTip(new BlockHeight(height), genesis(), MADE);
    }

    @Override
    public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
      if (away) {
        throw new ChainException("away");
      }
      return new ChainView(
          new BlockHeight(height), Feerate.MINIMUM_RELAY, Map.of(), spends, Map.of());
    }

    @Override
    public Optional<BlockHash> hashAt(BlockHeight wanted) {
      throw new AssertionError("not asked for");
    }

    @Override
    public BlockHash genesis() {
      return new BlockHash(ByteVector32.One);
    }

    @Override
    public void broadcast(Transaction transaction) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void broadcast(List<Transaction> transactions) {
      throw new AssertionError("not asked for");
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      return () -> {};
    }

    @Override
    public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {}

    @Override
    public void close() {}
  }
}
