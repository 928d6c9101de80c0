package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.TipChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Gives one order to all chains, and waits until one of them has carried it out. */
final class HandOver {
  private final Map<Replica, CompletableFuture<Void>> answers = new LinkedHashMap<>();
  private final CompletableFuture<Void> taken = new CompletableFuture<>();

  private HandOver(List<Replica> replicas, Consumer<TipChain> order) {
    for (Replica replica : replicas) {
      answers.put(replica, replica.carryOut(order).thenRun(() -> taken.complete(null)));
    }
  }

  /**
   * Those that are known to be away are given it too, but waited for only when no other answers.
   *
   * @throws RejectedException when all that answer refuse
   * @throws ChainException when none answers
   */
  static void toAll(List<Replica> replicas, Consumer<TipChain> order) {
    List<Replica> sound = replicas.stream().filter(Replica::isSound).toList();
    HandOver work = new HandOver(replicas, order);
    work.await(sound.stream().map(work::answer).toList());
    if (work.refusal().isEmpty()) {
      work.await(work.answers.values());
    }
    if (!work.taken.isDone()) {
      throw work.refusal().orElseGet(work::nobody);
    }
  }

  private CompletableFuture<Void> answer(Replica replica) {
    return answers.getOrDefault(replica, taken);
  }

  /** Until one has taken it, or these have answered. */
  private void await(Collection<CompletableFuture<Void>> some) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(some.toArray(CompletableFuture[]::new)).exceptionally(e -> null);
    CompletableFuture.anyOf(taken, all).join();
  }

  private Optional<ChainException> refusal() {
    return failures().stream().filter(RejectedException.class::isInstance).findFirst();
  }

  private ChainException nobody() {
    return Replica.noneServes(failures().stream().map(Throwable::getMessage).toList());
  }

  private List<ChainException> failures() {
    List<ChainException> failures = new ArrayList<>();
    for (CompletableFuture<Void> answer : answers.values()) {
      if (answer.isCompletedExceptionally()) {
        failures.add(Replica.cause(answer.exceptionNow()));
      }
    }
    return failures;
  }
}
