package chargepile.agent.runtime;

import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.TransactionStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Asks for new blocks, on a thread of its own while anybody listens, and looks after what was sent
 * with each of them. Thread-safe.
 */
final class BlockWatch {
  /** Pools forget and nodes restart also between blocks. */
  private static final Duration LOOK_AFTER = Duration.ofSeconds(30);

  /** What is finished for so many blocks is dropped: twice what a reorganisation may reach. */
  private static final long KEPT_BLOCKS = 256;

  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  private final EvmNode node;
  private final TransactionSender sender;
  private final EvmVoucherLedger.Pace pace;
  private final Consumer<String> alerts;

  /** Held while the nodes are asked, so never together with the monitor. */
  private final Object rounds = new Object();

  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, String> stuck = new HashMap<>();
  private @Nullable Thread thread;
  private String lastFailure = "";
  private volatile Optional<EvmBlock> head = Optional.empty();
  private volatile long headNanos = System.nanoTime();
  private long lookedNanos = System.nanoTime() - LOOK_AFTER.toNanos();

  BlockWatch(
      EvmNode node, TransactionSender sender, EvmVoucherLedger.Pace pace, Consumer<String> alerts) {
    this.node = node;
    this.sender = sender;
    this.pace = pace;
    this.alerts = alerts;
  }

  /** Until it is closed, which waits for the round under way for some seconds. */
  AutoCloseable tell(Runnable listener) {
    Listening listening = new Listening(listener);
    synchronized (this) {
      listeners.add(listening);
      if (thread == null) {
        headNanos = System.nanoTime();
        thread = Thread.ofPlatform().daemon().name("evm-blocks").start(this::run);
      }
    }
    return listening;
  }

  /** One that is given twice is told twice, and closed once. */
  private final class Listening implements AutoCloseable {
    private final Runnable listener;

    Listening(Runnable listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      Thread idle = null;
      synchronized (BlockWatch.this) {
        listeners.remove(this);
        if (listeners.isEmpty()) {
          idle = thread;
          thread = null;
        }
      }
      if (idle != null && idle != Thread.currentThread()) {
        // No interrupt: a question that is cut off would count as a node's failure.
        LockSupport.unpark(idle);
        await(idle);
      }
    }
  }

  private static void await(Thread idle) {
    try {
      if (!idle.join(LONGEST_STOP)) {
        Logger.warn("an EVM node keeps a question waiting: it is left to its timeout");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isWanted() {
    return thread == Thread.currentThread();
  }

  private void run() {
    while (isWanted()) {
      try {
        round();
      } catch (RuntimeException e) {
        failed(e);
      }
      if (isWanted()) {
        LockSupport.parkNanos(pace.poll().toNanos());
      }
    }
  }

  /** Whatever it is, what was sent must be looked after again; it is told once. */
  private void failed(RuntimeException e) {
    String what = "what was sent to the EVM chain could not be looked after: " + e;
    if (!what.equals(lastFailure)) {
      lastFailure = what;
      Logger.error(e, "{}", what);
      alerts.accept(what);
    }
  }

  /** Asks once. */
  void round() {
    synchronized (rounds) {
      look();
    }
  }

  private void look() {
    boolean news = false;
    try {
      Optional<EvmBlock> now = node.block(BlockRef.LATEST);
      news = now.isPresent() && !now.equals(head);
      if (news) {
        head = now;
        headNanos = System.nanoTime();
      }
    } catch (EvmException e) {
      // The nodes' alerts and the next view say so; what was sent is sent again all the same.
      Logger.debug("no word of a new block: {}", e.getMessage());
    }
    if (news || System.nanoTime() - lookedNanos >= LOOK_AFTER.toNanos()) {
      lookedNanos = System.nanoTime();
      lookAfter();
    }
    if (news) {
      listeners.forEach(listening -> listening.listener.run());
    }
  }

  private void lookAfter() {
    if (sender.decided().isEmpty()) {
      return;
    }
    try {
      Map<String, TransactionStatus> standing = sender.advance();
      standing.forEach(this::told);
      stuck.keySet().retainAll(standing.keySet());
      head.ifPresent(this::dropFinished);
    } catch (EvmException e) {
      Logger.debug("what was sent is looked after later: {}", e.getMessage());
    }
  }

  private void told(String key, TransactionStatus status) {
    if (status instanceof TransactionStatus.Stuck(String why)) {
      if (!why.equals(stuck.put(key, why))) {
        alerts.accept("the transaction %s does not go on: %s".formatted(key, why));
      }
    } else {
      stuck.remove(key);
    }
  }

  /** The newest stays: it says which nonce is the next, should the nodes contradict each other. */
  private void dropFinished(EvmBlock now) {
    List<OutboxEntry> decided = sender.decided();
    for (OutboxEntry entry : decided.subList(0, Math.max(0, decided.size() - 1))) {
      String key = entry.intent().key();
      if (key.startsWith(VoucherTransactions.KEYS)
          && entry.finish().filter(end -> end.block() < now.number() - KEPT_BLOCKS).isPresent()) {
        sender.forget(key);
      }
    }
  }

  /** Why the chain may be out of sight though it answers. */
  Optional<String> doubt() {
    Duration silent = Duration.ofNanos(System.nanoTime() - headNanos);
    return !listeners.isEmpty() && silent.compareTo(pace.silence()) > 0
        ? Optional.of(
            "the EVM chain has had no new block for %d s: its last is %s"
                .formatted(silent.toSeconds(), head.map(EvmBlock::toString).orElse("not known")))
        : Optional.empty();
  }
}
