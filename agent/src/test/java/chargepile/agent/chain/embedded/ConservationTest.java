package chargepile.agent.chain.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.Purse;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** No satoshi is ever made but by a block, or lost, whatever is spent and reorganised. */
class ConservationTest {
  private static final List<Purse> PURSES =
      IntStream.range(0, 3).mapToObj(i -> Purse.named("purse " + i)).toList();

  /** One thing that happens to the chain. */
  sealed interface Step {
    record Fund(int purse, int amount) implements Step {}

    record Spend(int purse, int coin, int parts, int fee) implements Step {}

    record DoubleSpend(int transaction, int fee) implements Step {}

    record Mine(int blocks) implements Step {}

    record MineOldest() implements Step {}

    record Evict(int transaction) implements Step {}

    record Reorganise(int depth, int kept) implements Step {}
  }

  @Property(tries = 60)
  void theUnspentOutputsAreWhatTheCoinbasesMade(@ForAll("histories") List<Step> history) {
    try (EmbeddedChain chain = new EmbeddedChain(() -> Instant.EPOCH, Runnable::run)) {
      for (Step step : history) {
        take(chain, step);
        assertEquals(chain.issued(), chain.supply(), () -> "after " + step);
        assertMempoolIsConsistent(chain);
      }
      chain.mine(1);
      assertEquals(List.of(), chain.mempool());
      assertEquals(chain.issued(), chain.supply());
    }
  }

  @Property(tries = 30)
  void goingBackAndForthRestoresEveryBalance(@ForAll("histories") List<Step> history) {
    try (EmbeddedChain chain = new EmbeddedChain(() -> Instant.EPOCH, Runnable::run)) {
      history.forEach(step -> take(chain, step));
      chain.mine(1);
      List<Satoshi> before = balances(chain);
      int depth = 4;
      List<List<Transaction>> same = new ArrayList<>();
      for (int i = depth - 1; i >= 0; i--) {
        List<Transaction> block =
            chain.block(new BlockHeight(chain.tip().value() - i)).orElseThrow().tx;
        same.add(block.subList(1, block.size()));
      }
      same.add(List.of());

      chain.reorganise(depth, same);

      assertEquals(before, balances(chain));
      assertEquals(chain.issued(), chain.supply());
    }
  }

  private static List<Satoshi> balances(EmbeddedChain chain) {
    return PURSES.stream().map(purse -> chain.balance(purse.script())).toList();
  }

  private static void assertMempoolIsConsistent(EmbeddedChain chain) {
    Set<OutPoint> spent = new HashSet<>();
    for (Transaction waiting : chain.mempool()) {
      for (TxIn input : waiting.txIn) {
        assertTrue(spent.add(input.outPoint), "spent twice in the mempool: " + input.outPoint);
      }
      chain.fee(waiting);
    }
  }

  private static void take(EmbeddedChain chain, Step step) {
    switch (step) {
      case Step.Fund(int purse, int amount) ->
          chain.fund(PURSES.get(purse).script(), new Satoshi(amount));
      case Step.Spend(int purse, int coin, int parts, int fee) ->
          spend(chain, PURSES.get(purse), coin, parts, fee);
      case Step.DoubleSpend(int transaction, int fee) -> doubleSpend(chain, transaction, fee);
      case Step.Mine(int blocks) -> chain.mine(blocks);
      case Step.MineOldest() -> chain.mineWith(chain.mempool().stream().limit(1).toList());
      case Step.Evict(int transaction) -> {
        List<Transaction> waiting = chain.mempool();
        if (!waiting.isEmpty()) {
          chain.evict(waiting.get(transaction % waiting.size()).txid);
        }
      }
      case Step.Reorganise(int depth, int kept) -> {
        // The first transactions of the lowest block that goes are mined again, the rest wait.
        int lowest = chain.tip().value() - depth + 1;
        List<Transaction> block = chain.block(new BlockHeight(lowest)).orElseThrow().tx;
        List<List<Transaction>> branch = new ArrayList<>();
        branch.add(block.subList(1, Math.min(block.size(), 1 + kept)));
        for (int i = 0; i < depth; i++) {
          branch.add(List.of());
        }
        chain.reorganise(depth, branch);
      }
    }
  }

  private static void spend(EmbeddedChain chain, Purse purse, int coin, int parts, int fee) {
    List<Unspent> unspents = chain.unspents(purse.script());
    if (unspents.isEmpty()) {
      return;
    }
    Unspent chosen = unspents.get(coin % unspents.size());
    long amount = chosen.amount().value();
    List<TxOut> outputs = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      outputs.add(PURSES.get(i % PURSES.size()).output(Math.max(0, amount - fee) / parts));
    }
    offer(chain, purse.spend(chosen.outPoint(), amount, outputs.toArray(TxOut[]::new)));
  }

  private static void doubleSpend(EmbeddedChain chain, int transaction, int fee) {
    List<Transaction> waiting = chain.mempool();
    if (waiting.isEmpty()) {
      return;
    }
    Transaction old = waiting.get(transaction % waiting.size());
    OutPoint coin = old.txIn.getFirst().outPoint;
    Transaction parent = chain.transaction(coin.txid).orElseThrow();
    TxOut spent = parent.txOut.get((int) coin.index);
    for (Purse purse : PURSES) {
      if (purse.script().equals(spent.publicKeyScript)) {
        long amount = spent.amount.toLong();
        offer(chain, purse.spend(coin, amount, purse.output(Math.max(0, amount - fee))));
      }
    }
  }

  /** Dust, low fees and long chains come up by chance; being refused is an answer too. */
  private static void offer(EmbeddedChain chain, Transaction transaction) {
    List<Transaction> before = chain.mempool();
    try {
      chain.broadcast(transaction);
    } catch (RejectedException e) {
      assertEquals(before, chain.mempool());
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Integer> any = Arbitraries.integers().between(0, 1000);
    Arbitrary<Integer> purse = Arbitraries.integers().between(0, PURSES.size() - 1);
    Arbitrary<Integer> fee = Arbitraries.integers().between(0, 20_000);
    Arbitrary<Step> fund =
        Combinators.combine(purse, Arbitraries.integers().between(1_000, 1_000_000))
            .as(Step.Fund::new);
    Arbitrary<Step> spend =
        Combinators.combine(purse, any, Arbitraries.integers().between(1, 4), fee)
            .as(Step.Spend::new);
    Arbitrary<Step> doubleSpend = Combinators.combine(any, fee).as(Step.DoubleSpend::new);
    Arbitrary<Step> mine = Arbitraries.integers().between(1, 3).map(Step.Mine::new);
    Arbitrary<Step> evict = any.map(Step.Evict::new);
    Arbitrary<Step> reorganise =
        Combinators.combine(
                Arbitraries.integers().between(1, 6), Arbitraries.integers().between(0, 3))
            .as(Step.Reorganise::new);
    return Arbitraries.frequencyOf(
            Tuple.of(3, fund),
            Tuple.of(8, spend),
            Tuple.of(3, doubleSpend),
            Tuple.of(2, mine),
            Tuple.of(2, Arbitraries.just(new Step.MineOldest())),
            Tuple.of(1, evict),
            Tuple.of(3, reorganise))
        .list()
        .ofMinSize(5)
        .ofMaxSize(40);
  }
}
