package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.TipChain;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.chain.redundant.StandingRecord.Question;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One of the chains, asked on threads of its own so that one that hangs holds up nobody else; and
 * how it stands. Thread-safe.
 */
final class Replica {
  /** After so many rounds at the latest a view that failed is tried again. */
  private static final int LONGEST_REST = 32;

  private final TipChain chain;
  private final BlockHash genesis;
  private final Executor threads;
  private final Consumer<ChainAlert> alerts;
  private final Runnable back;
  private final StandingRecord standing;
  private boolean refused;
  private boolean lost;
  private Optional<CompletableFuture<ChainTip>> asking = Optional.empty();

  /** What it has been asked to follow and has not been asked for since. */
  private final Set<OutPoint> outputs = new HashSet<>();

  private final Set<TxId> transactions = new HashSet<>();
  private boolean behind;
  private boolean following;
  private int rest = 1;
  private int roundsToRest;

  /**
   * @param back run whenever it can be asked again
   */
  Replica(
      TipChain chain,
      BlockHash genesis,
      Executor threads,
      InstantSource clock,
      Consumer<ChainAlert> alerts,
      Runnable back) {
    this.chain = chain;
    this.genesis = genesis;
    this.threads = threads;
    this.alerts = alerts;
    this.back = back;
    standing = new StandingRecord(clock);
  }

  TipChain chain() {
    return chain;
  }

  synchronized boolean isRefused() {
    return refused;
  }

  /** Whether nothing is known against it. */
  synchronized boolean isSound() {
    return !refused && !lost;
  }

  Optional<ChainStanding> standing() {
    return standing.present();
  }

  /** Its tip; an answer that is on its way serves all who ask meanwhile. */
  synchronized CompletableFuture<ChainTip> tip() {
    CompletableFuture<ChainTip> present =
        asking.filter(question -> !question.isDone()).orElseGet(this::ask);
    asking = Optional.of(present);
    return present;
  }

  /** Asks for its tip, to learn whether it is back. */
  void probe() {
    var unused = tip();
  }

  private CompletableFuture<ChainTip> ask() {
    try {
      return CompletableFuture.supplyAsync(this::askTip, threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new ChainException(chain + " is closed", e));
    }
  }

  private ChainTip askTip() {
    try {
      if (!chain.genesis().equals(genesis)) {
        throw new WrongNetworkException(
            "%s has a chain that begins with %s and not with %s: correct its address or the network"
                .formatted(chain, ChainTip.display(chain.genesis()), ChainTip.display(genesis)));
      }
      ChainTip tip = chain.tip();
      answered(Question.TIP, tip);
      return tip;
    } catch (ChainException e) {
      throw failed(Question.TIP, e);
    }
  }

  Optional<BlockHash> hashAt(BlockHeight height) {
    try {
      return chain.hashAt(height);
    } catch (ChainException e) {
      throw failed(Question.TIP, e);
    }
  }

  /** On the caller's thread. */
  ChainView view(ChainTip tip, Set<OutPoint> wanted, Set<TxId> wantedTransactions) {
    try {
      ChainView view = chain.view(wanted, wantedTransactions);
      answered(Question.VIEW, tip);
      return view;
    } catch (ChainException e) {
      follow(wanted, wantedTransactions);
      throw failed(Question.VIEW, e);
    }
  }

  /** On a thread of its own. */
  CompletableFuture<Void> carryOut(Consumer<TipChain> order) {
    return CompletableFuture.runAsync(() -> order.accept(chain), threads);
  }

  void expect(Set<OutPoint> wanted, Set<TxId> wantedTransactions) {
    threads.execute(() -> chain.expect(wanted, wantedTransactions));
  }

  /** For good. */
  void listen(Runnable listener) {
    threads.execute(
        () -> {
          var unused = chain.onChange(listener);
        });
  }

  /** What the caller is told when no chain could do what it asked. */
  static ChainException noneServes(List<String> reasons) {
    return new ChainException(String.join("; ", reasons));
  }

  /**
   * What made a question fail.
   *
   * @throws RuntimeException when that is a defect and not the chain's trouble
   */
  static ChainException cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case ChainException trouble -> trouble;
      case RuntimeException defect -> throw defect;
      case Error defect -> throw defect;
      case null, default -> throw new IllegalStateException(failure);
    };
  }

  /** Has it look for these too, in its own time, so that it knows them when it must serve. */
  synchronized void follow(Set<OutPoint> moreOutputs, Set<TxId> moreTransactions) {
    outputs.addAll(moreOutputs);
    transactions.addAll(moreTransactions);
    behind = true;
  }

  /** Starts on what it should follow unless it is at it, or failed and rests. */
  void catchUp() {
    synchronized (this) {
      if (!behind || following || refused || roundsToRest-- > 0) {
        return;
      }
      following = true;
    }
    threads.execute(this::followNow);
  }

  private void followNow() {
    Set<OutPoint> wantedOutputs;
    Set<TxId> wantedTransactions;
    synchronized (this) {
      wantedOutputs = Set.copyOf(outputs);
      wantedTransactions = Set.copyOf(transactions);
      outputs.clear();
      transactions.clear();
      behind = false;
    }
    boolean done = false;
    try {
      ChainTip tip = chain.tip();
      chain.view(wantedOutputs, wantedTransactions);
      answered(Question.VIEW, tip);
      done = true;
    } catch (ChainException e) {
      var unused = failed(Question.VIEW, e);
      follow(wantedOutputs, wantedTransactions);
    } finally {
      synchronized (this) {
        following = false;
        rest = done ? 1 : Math.min(2 * rest, LONGEST_REST);
        roundsToRest = done ? 0 : rest;
      }
    }
  }

  private void answered(Question question, ChainTip tip) {
    boolean isBack;
    synchronized (this) {
      standing.answered(question, tip);
      isBack = lost && standing.present().filter(ChainStanding.Ok.class::isInstance).isPresent();
      lost = lost && !isBack;
    }
    if (isBack) {
      alerts.accept(new ChainAlert.Back(chain.toString()));
      back.run();
    }
  }

  /** Gives the exception back, to be thrown. */
  private ChainException failed(Question question, ChainException why) {
    Optional<ChainAlert> alert;
    synchronized (this) {
      standing.failed(question, why);
      alert = alert(why);
      refused = refused || why instanceof WrongNetworkException;
      lost = true;
    }
    alert.ifPresent(alerts);
    if (why instanceof WrongNetworkException) {
      // Its own threads would go on asking.
      chain.close();
    }
    return why;
  }

  /** With the lock. */
  private Optional<ChainAlert> alert(ChainException why) {
    String reason = String.valueOf(why.getMessage());
    if (refused) {
      return Optional.empty();
    }
    if (why instanceof WrongNetworkException) {
      return Optional.of(new ChainAlert.Refused(chain.toString(), reason));
    }
    return lost ? Optional.empty() : Optional.of(new ChainAlert.Lost(chain.toString(), reason));
  }
}
