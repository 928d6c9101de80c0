package chargepile.agent.runtime;

import chargepile.agent.session.pile.PileAction;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Commands that were given and not answered yet. Thread-safe. */
final class PendingAnswers {
  /** A command's number, and its answer to come. */
  record Pending(long id, CompletableFuture<PileAction.Answer> answer) {}

  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<PileAction.Answer>> waiting = new ConcurrentHashMap<>();

  Pending next() {
    Pending pending = new Pending(last.incrementAndGet(), new CompletableFuture<>());
    waiting.put(pending.id(), pending.answer());
    return pending;
  }

  void give(PileAction.Answer answer) {
    CompletableFuture<PileAction.Answer> asked = waiting.remove(answer.id());
    if (asked != null) {
      asked.complete(answer);
    }
  }

  /** Nobody is there any more to carry them out. */
  void refuseAll() {
    waiting
        .values()
        .removeIf(
            asked ->
                asked.completeExceptionally(
                    new NodeFailedException(
                        "the pile has stopped; whether the command was carried out is not known")));
  }
}
