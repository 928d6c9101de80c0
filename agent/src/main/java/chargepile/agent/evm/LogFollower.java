package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector32;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tinylog.Logger;

/**
 * The logs of some contracts, block by block: what is final once and in order, and what is not
 * final yet as soon as any node has it, so that a stale close is answered at its first sight.
 *
 * <p>Reorganisations are found by the hashes of blocks, not by what nodes say of removed logs. What
 * is told is told again after a restart from an older {@link Cursor}: receivers are idempotent.
 *
 * <p>Not thread-safe.
 */
public final class LogFollower {
  /** What providers let one ask for at once, at least. */
  private static final int MOST_BLOCKS = 1000;

  /** Of answers, after which twice as many blocks are asked for. */
  private static final int GROW_AFTER = 8;

  /** Some of these are in what providers say to a question for too many blocks or logs. */
  private static final String[] TOO_MUCH = {
    "range", "blocks", "results", "logs", "size", "more than", "too large", "too wide", "timeout"
  };

  /** So many blocks before its end are looked at again when a final block was replaced. */
  private static final long DEEPEST_REORG = 128;

  private final EvmNode node;
  private final List<HeadView> heads;
  private final LogFilter filter;
  private final Finality finality;
  private final Deque<Cursor> trail = new ArrayDeque<>();
  private final Deque<EvmLog> confirmed = new ArrayDeque<>();
  private final long start;
  private Map<Place, EvmLog> provisional = Map.of();
  private Cursor cursor;
  private int chunk = MOST_BLOCKS;
  private int successes;

  /** Where a log stands: no two share it. */
  private record Place(ByteVector32 block, int index) {
    static Place of(EvmLog log) {
      return new Place(log.blockHash(), log.index());
    }
  }

  /**
   * Up to where everything final was told; for whoever stores it.
   *
   * @param hash of that block; empty at the very start
   */
  public record Cursor(long block, Optional<ByteVector32> hash) {
    /**
     * The very start.
     *
     * @param first the first block that is looked at: that of the contract's creation
     */
    public static Cursor before(long first) {
      return new Cursor(first - 1, Optional.empty());
    }
  }

  /** Something about a log. */
  public sealed interface News {
    EvmLog log();

    /** A node has it in a block that may still be replaced. */
    record Seen(EvmLog log) implements News {}

    /** No node has its block any more. */
    record Withdrawn(EvmLog log) implements News {}

    /** It is final, whether or not it was seen before. */
    record Confirmed(EvmLog log) implements News {}

    /** It was final, and its block was replaced nevertheless. */
    record Undone(EvmLog log) implements News {}
  }

  /**
   * What one look showed.
   *
   * @param cursor to be stored once the news has been dealt with
   */
  public record Round(List<News> news, Cursor cursor) {
    public Round {
      news = List.copyOf(news);
    }
  }

  /**
   * @param node says what is final
   * @param witnesses each is followed up to its own head: {@link RedundantNode#witnesses}, or the
   *     node itself
   * @param from where to begin, or to go on
   */
  public LogFollower(
      EvmNode node, List<EvmNode> witnesses, LogFilter filter, Finality finality, Cursor from) {
    this.node = node;
    this.filter = filter;
    this.finality = finality;
    this.heads = witnesses.stream().map(witness -> new HeadView(witness, filter)).toList();
    this.start = from.block();
    this.cursor = from;
  }

  /**
   * Looks once: for a timer, or a new block.
   *
   * @throws EvmException when neither anything final nor any head could be looked at
   */
  public Round look() {
    List<News> news = new ArrayList<>();
    Optional<EvmException> failure = Optional.empty();
    try {
      confirm(news);
    } catch (EvmException e) {
      // What is not final must be seen even where nothing final can be agreed on.
      failure = Optional.of(e);
    }
    boolean seen = provisionally(news);
    if (failure.isPresent()) {
      if (!seen) {
        throw failure.get();
      }
      Logger.warn("no logs are taken for final at the moment: {}", failure.get().getMessage());
    }
    return new Round(news, cursor);
  }

  private void confirm(List<News> news) {
    Optional<EvmBlock> last = finality.block(node);
    if (last.isEmpty()) {
      return;
    }
    rewind(news);
    while (cursor.block() < last.get().number()) {
      long from = cursor.block() + 1;
      long to = Math.min(last.get().number(), from + chunk - 1);
      Optional<List<EvmLog>> logs = logs(from, to);
      if (logs.isPresent()) {
        Optional<EvmBlock> end = node.block(BlockRef.number(to));
        if (end.isEmpty() || !logs.get().stream().allMatch(this::stands)) {
          return; // replaced while it was read; the next look reads it again
        }
        trail.addLast(cursor);
        cursor = new Cursor(to, Optional.of(end.get().hash()));
        for (EvmLog log : logs.get()) {
          confirmed.addLast(log);
          news.add(new News.Confirmed(log));
        }
      }
    }
    trail.removeIf(old -> old.block() < cursor.block() - 2 * DEEPEST_REORG);
    confirmed.removeIf(log -> log.block() < cursor.block() - 2 * DEEPEST_REORG);
  }

  /** In order; empty: too many at once, and fewer are asked for from now on. */
  private Optional<List<EvmLog>> logs(long from, long to) {
    try {
      List<EvmLog> found =
          node.logs(filter, from, to).stream()
              .sorted(Comparator.comparingLong(EvmLog::block).thenComparingInt(EvmLog::index))
              .toList();
      if (++successes % GROW_AFTER == 0) {
        chunk = Math.min(MOST_BLOCKS, 2 * chunk);
      }
      return Optional.of(found);
    } catch (RefusedByNodeException e) {
      if (chunk == 1 || !e.says(TOO_MUCH)) {
        throw e; // asking for less of what is refused for another reason makes more questions
      }
      chunk = Math.max(1, chunk / 4);
      successes = 0;
      return Optional.empty();
    }
  }

  private boolean stands(EvmLog log) {
    return node.block(BlockRef.number(log.block()))
        .filter(block -> block.hash().equals(log.blockHash()))
        .isPresent();
  }

  /** Goes back to the last block that was told and still stands. */
  private void rewind(List<News> news) {
    if (stands(cursor)) {
      return;
    }
    Logger.error(
        "block {} was replaced though it was final: its logs are read again", cursor.block());
    Cursor told = cursor;
    while (!trail.isEmpty() && !stands(cursor)) {
      cursor = trail.removeLast();
    }
    if (!stands(cursor)) {
      cursor = new Cursor(Math.max(start, told.block() - DEEPEST_REORG), Optional.empty());
    }
    while (!confirmed.isEmpty() && confirmed.getLast().block() > cursor.block()) {
      news.add(new News.Undone(confirmed.removeLast()));
    }
  }

  private boolean stands(Cursor told) {
    return told.hash().isEmpty()
        || node.block(BlockRef.number(told.block()))
            .filter(block -> !block.hash().equals(told.hash().get()))
            .isEmpty();
  }

  /** Whether any head could be looked at. */
  private boolean provisionally(List<News> news) {
    boolean looked = false;
    Map<Place, EvmLog> now = new LinkedHashMap<>();
    for (HeadView head : heads) {
      try {
        head.look(cursor.block());
        looked = true;
      } catch (EvmException e) {
        Logger.debug("the head of {} stays as it was: {}", head, e.getMessage());
      }
      head.logsAbove(cursor.block()).forEach(log -> now.put(Place.of(log), log));
    }
    Map<Place, EvmLog> before = provisional;
    provisional = now;
    before.forEach(
        (place, log) -> {
          if (!now.containsKey(place) && !isConfirmed(log)) {
            news.add(new News.Withdrawn(log));
          }
        });
    now.forEach(
        (place, log) -> {
          if (!before.containsKey(place)) {
            news.add(new News.Seen(log));
          }
        });
    return looked;
  }

  private boolean isConfirmed(EvmLog log) {
    return log.block() <= cursor.block() && confirmed.contains(log);
  }
}
