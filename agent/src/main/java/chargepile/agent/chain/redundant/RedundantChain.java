package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.TipChain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The chain as two nodes tell it. Both are asked for their tips: the higher one serves the view,
 * and the other follows in the background so that it can take over at any time. Where neither
 * continues the other the higher is believed as well, as the network does, and a fork that is
 * deeper or lasts longer than a race between miners is told to the operator. While one is away the
 * other serves. Transactions go to both.
 *
 * <p>Thread-safe.
 */
public final class RedundantChain implements TipChain {
  /** A race is over with the next block; an hour without one comes twice a week. */
  public static final Duration USUAL_PATIENCE = Duration.ofHours(1);

  private final BlockHash genesis;
  private final Replica first;
  private final Replica second;
  private final Referee referee;
  private final Listeners listeners;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("chain-replica-", 0).factory());

  /** A chain that may serve, and its tip. */
  private record Candidate(Replica replica, ChainTip tip) {}

  /**
   * Takes both chains over and closes them with itself.
   *
   * @param genesis of the network; a chain that begins otherwise is refused
   * @param first the one that serves when both are equal
   * @param patience how long a fork of one block may last before it is told
   * @param alerts told of every change, on any thread
   */
  public RedundantChain(
      BlockHash genesis,
      TipChain first,
      TipChain second,
      InstantSource clock,
      Duration patience,
      Consumer<ChainAlert> alerts) {
    this.genesis = genesis;
    this.first = new Replica(first, genesis, threads, clock, alerts, this::changed);
    this.second = new Replica(second, genesis, threads, clock, alerts, this::changed);
    referee = new Referee(first.toString(), second.toString(), clock, patience, alerts);
    listeners = new Listeners(List.of(this.first, this.second), this::compare);
  }

  @Override
  public BlockHash genesis() {
    return genesis;
  }

  /** Of the chain that would serve now. */
  @Override
  public ChainTip tip() {
    return candidates().getFirst().tip;
  }

  @Override
  public Optional<BlockHash> hashAt(BlockHeight height) {
    return candidates().getFirst().replica.hashAt(height);
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    List<String> failures = new ArrayList<>();
    Set<Replica> tried = new HashSet<>();
    // The second round finds the one that was not waited for while the other looked sound.
    for (int round = 0; round < 2; round++) {
      for (Candidate candidate : candidates()) {
        if (tried.add(candidate.replica)) {
          try {
            return view(candidate, outputs, transactions);
          } catch (ChainException e) {
            failures.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }
    throw Replica.noneServes(failures);
  }

  private ChainView view(Candidate candidate, Set<OutPoint> outputs, Set<TxId> transactions) {
    ChainView view = candidate.replica.view(candidate.tip, outputs, transactions);
    (candidate.replica == first ? second : first).follow(outputs, transactions);
    both().forEach(Replica::catchUp);
    referee.serves(candidate.replica == first);
    return view;
  }

  /**
   * {@inheritDoc} Taken when one of the chains takes it; refused when all that can be asked refuse.
   */
  @Override
  public void broadcast(Transaction transaction) {
    handOver(chain -> chain.broadcast(transaction));
  }

  /** {@inheritDoc} Taken when one of the chains takes all of them. */
  @Override
  public void broadcast(List<Transaction> dependent) {
    handOver(chain -> chain.broadcast(dependent));
  }

  private void handOver(Consumer<TipChain> order) {
    List<Replica> present = asked().toList();
    if (present.isEmpty()) {
      throw Replica.noneServes(refusals());
    }
    HandOver.toAll(present, order);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return listeners.add(listener);
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    asked().forEach(replica -> replica.expect(outputs, transactions));
  }

  @Override
  public void close() {
    listeners.close();
    both().forEach(replica -> replica.chain().close());
    threads.shutdownNow();
  }

  @Override
  public String toString() {
    return first.chain() + " with " + second.chain();
  }

  private Stream<Replica> both() {
    return Stream.of(first, second);
  }

  private Stream<Replica> asked() {
    return both().filter(replica -> !replica.isRefused());
  }

  /** A replica is back. */
  private void changed() {
    listeners.changed();
  }

  /** Notes what changed between the chains, and has them follow; asked for regularly. */
  private void compare() {
    both().forEach(Replica::catchUp);
    var unused = candidates();
  }

  /** The chains that may serve, the best first; at least one. */
  private List<Candidate> candidates() {
    List<Replica> sound = both().filter(Replica::isSound).toList();
    List<String> failures = new ArrayList<>();
    // Who is known to be away is asked, but waited for only when there is nobody else.
    asked().filter(replica -> !sound.contains(replica)).forEach(Replica::probe);
    List<Candidate> found = answers(sound, failures);
    if (found.isEmpty()) {
      found = answers(asked().filter(replica -> !sound.contains(replica)).toList(), failures);
    }
    if (found.isEmpty()) {
      failures.addAll(refusals());
      throw Replica.noneServes(failures);
    }
    return found.size() == 1 ? found : ranked(found.get(0), found.get(1));
  }

  private static List<Candidate> answers(List<Replica> replicas, List<String> failures) {
    Map<Replica, CompletableFuture<ChainTip>> questions = new LinkedHashMap<>();
    replicas.forEach(replica -> questions.put(replica, replica.tip()));
    List<Candidate> found = new ArrayList<>();
    questions.forEach(
        (replica, question) -> {
          try {
            found.add(new Candidate(replica, question.join()));
          } catch (CompletionException e) {
            failures.add(String.valueOf(Replica.cause(e).getMessage()));
          }
        });
    return found;
  }

  private List<Candidate> ranked(Candidate a, Candidate b) {
    try {
      return referee.prefersFirst(a.tip, a.replica::hashAt, b.tip, b.replica::hashAt)
          ? List.of(a, b)
          : List.of(b, a);
    } catch (Fork.MovedException e) {
      // Compared again next time; until then the higher tip is as good as any.
      return a.tip.height().compareTo(b.tip.height()) >= 0 ? List.of(a, b) : List.of(b, a);
    } catch (ChainException e) {
      List<Candidate> sound =
          Stream.of(a, b).filter(candidate -> candidate.replica.isSound()).toList();
      if (sound.isEmpty()) {
        throw e;
      }
      return sound;
    }
  }

  private List<String> refusals() {
    return both()
        .filter(Replica::isRefused)
        .flatMap(replica -> replica.standing().stream())
        .filter(ChainStanding.Trouble.class::isInstance)
        .map(trouble -> ((ChainStanding.Trouble) trouble).reason())
        .toList();
  }
}
