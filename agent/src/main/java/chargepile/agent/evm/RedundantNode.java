package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.tinylog.Logger;

/**
 * Two nodes of one chain, of which one may lie, lag or be away (P2-22). A light client can't check
 * proof of stake, so neither is believed more than the other:
 *
 * <ul>
 *   <li>A block counts when both have it: the head is their last common one, and what is safe or
 *       final is what the more hesitant says, if the other has the same block there.
 *   <li>What is asked about a block must have one answer. Two answers are a {@link
 *       DisagreeingNodesException}, and nothing is concluded from either.
 *   <li>While one is away, or its head is late, the other serves alone, and the operator is told.
 *   <li>Transactions go to both, and one that takes them is enough. Of base fees and gas the higher
 *       is taken, which nobody has to pay, and of tips the lower. Where the higher is more than
 *       twice the lower, it is taken for a lie: the account would have to have so many coins.
 *   <li>What should be known early and may turn out wrong is asked of each by {@link #witnesses}.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RedundantNode implements EvmNode {
  /** Fifteen slots. */
  public static final Duration USUAL_LAG = Duration.ofMinutes(3);

  /** So long a node rests after its first failure. */
  public static final Duration USUAL_REST = Duration.ofSeconds(10);

  /** Where two chains part deeper than this, no block of them is a common head. */
  private static final long DEEPEST_FORK = 256;

  /** Honest nodes part for a block or two; the operator is told of more. */
  private static final long USUAL_FORK = 3;

  private static final int MOST_TIMES = 2;

  private final StandingNode first;
  private final StandingNode second;
  private final Duration mostLag;
  private final InstantSource clock;
  private final Dispute dispute;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Takes both nodes over and closes them with itself.
   *
   * @param mostLag by how much the head of one may be older than that of the other
   * @param rest how long a node is left alone after its first failure
   * @param alerts told of every change, on any thread
   */
  public RedundantNode(
      EvmNode first,
      EvmNode second,
      Duration mostLag,
      Duration rest,
      InstantSource clock,
      Consumer<NodeAlert> alerts) {
    this.first = new StandingNode(first, rest, alerts);
    this.second = new StandingNode(second, rest, alerts);
    this.mostLag = mostLag;
    this.clock = clock;
    this.dispute = new Dispute(first + "", second + "", alerts);
  }

  @Override
  public List<EvmNode> witnesses() {
    return List.of(first, second);
  }

  @Override
  public long chainId() {
    return same("the chain id", ask(EvmNode::chainId));
  }

  @Override
  public Optional<EvmBlock> block(BlockRef which) {
    return switch (which) {
      case BlockRef.Tag tag -> common(tag);
      case BlockRef.AtNumber number ->
          bothHave(ask(node -> node.block(which)), which + " of the chain");
      case BlockRef.AtHash hash -> bothHave(ask(node -> node.block(which)), which.toString());
    };
  }

  private Optional<EvmBlock> bothHave(BothAnswers<Optional<EvmBlock>> answers, String what) {
    return answers.merged(
        (a, b) -> {
          if (a.isPresent() && b.isPresent() && !a.equals(b)) {
            throw dispute.overBlock(what, a.get(), b.get());
          }
          return a.isPresent() ? b : a;
        });
  }

  /** The last block that both have, at most where the more hesitant stands. */
  private Optional<EvmBlock> common(BlockRef.Tag tag) {
    BothAnswers<Optional<EvmBlock>> answers =
        ask(node -> tag == BlockRef.Tag.LATEST ? Optional.of(head(node)) : node.block(tag));
    Optional<EvmBlock> common =
        answers.merged(
            (a, b) ->
                a.isEmpty() || b.isEmpty() ? Optional.empty() : common(tag, a.get(), b.get()));
    if (tag != BlockRef.Tag.LATEST && common.isPresent()) {
      dispute.settled();
    }
    return common;
  }

  /** A node without any block is as good as away. */
  private static EvmBlock head(StandingNode node) {
    return node.block(BlockRef.LATEST)
        .orElseThrow(
            () -> {
              var nothing = new EvmException(node + " has no block at all: it is synchronising");
              node.lose(nothing);
              return nothing;
            });
  }

  private Optional<EvmBlock> common(BlockRef.Tag tag, EvmBlock a, EvmBlock b) {
    boolean firstIsLower = a.number() <= b.number();
    EvmBlock lower = firstIsLower ? a : b;
    EvmBlock higher = firstIsLower ? b : a;
    StandingNode behind = firstIsLower ? first : second;
    if (tag == BlockRef.Tag.LATEST && isLate(lower, higher)) {
      behind.lose(
          new EvmException(
              "%s is late: its last block is %d and that of the other %d"
                  .formatted(behind, lower.number(), higher.number())));
      return Optional.of(higher);
    }
    StandingNode ahead = firstIsLower ? second : first;
    Optional<EvmBlock> there = ahead.block(BlockRef.number(lower.number()));
    if (there.filter(lower::equals).isPresent()) {
      dispute.settled();
      return Optional.of(lower);
    }
    if (tag != BlockRef.Tag.LATEST) {
      throw dispute.overBlock(
          "the %s block %d".formatted(tag, lower.number()),
          lower,
          there.<Object>map(found -> found).orElse("none"));
    }
    EvmBlock last = lastCommon(lower.number());
    if (lower.number() - last.number() > USUAL_FORK) {
      var told =
          dispute.overBlock(
              "the block after " + last,
              firstIsLower ? lower : higher,
              firstIsLower ? higher : lower);
      Logger.debug(told.getMessage());
    }
    return Optional.of(last);
  }

  /** A head in the future proves nothing but a lie, or a wrong clock. */
  private boolean isLate(EvmBlock lower, EvmBlock higher) {
    return Duration.between(lower.time(), higher.time()).compareTo(mostLag) > 0
        && !higher.time().isAfter(clock.instant().plus(mostLag));
  }

  /** Below it both chains are the same, above it they are not: found by halving. */
  private EvmBlock lastCommon(long parted) {
    long same = Math.max(0, parted - DEEPEST_FORK);
    EvmBlock found =
        bothSame(same).orElseThrow(() -> dispute.overBlock("block " + same, "its own", "another"));
    long low = same;
    long high = parted;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      Optional<EvmBlock> block = bothSame(middle);
      if (block.isPresent()) {
        found = block.get();
        low = middle;
      } else {
        high = middle;
      }
    }
    return found;
  }

  private Optional<EvmBlock> bothSame(long number) {
    return ask(node -> node.block(BlockRef.number(number)))
        .merged((a, b) -> a.equals(b) ? a : Optional.empty());
  }

  @Override
  public FeeHistory feeHistory(int blocks) {
    return ask(node -> node.feeHistory(blocks))
        .believed(
            (a, b) ->
                new FeeHistory(
                    higher(a.nextBaseFee(), b.nextBaseFee()),
                    a.usualTip().compareTo(b.usualTip()) <= 0 ? a.tips() : b.tips()));
  }

  private static Wei higher(Wei a, Wei b) {
    Wei most = a.min(b).times(MOST_TIMES);
    return a.max(b).min(most);
  }

  @Override
  public long nonce(EvmAddress account, BlockRef at) {
    BlockRef block = resolved(at);
    return same(
        "the nonce of %s at %s".formatted(account, block), ask(node -> node.nonce(account, block)));
  }

  @Override
  public Wei balance(EvmAddress account, BlockRef at) {
    BlockRef block = resolved(at);
    return same(
        "the balance of %s at %s".formatted(account, block),
        ask(node -> node.balance(account, block)));
  }

  @Override
  public ByteVector code(EvmAddress contract, BlockRef at) {
    BlockRef block = resolved(at);
    return same(
        "the code of %s at %s".formatted(contract, block), ask(node -> node.code(contract, block)));
  }

  /** Refused by both only: one that is behind must not keep a transaction from being sent. */
  @Override
  public long estimateGas(EvmCall call) {
    return ask(node -> node.estimateGas(call))
        .believed(
            (a, b) ->
                Math.max(a, b) / MOST_TIMES <= Math.min(a, b) ? Math.max(a, b) : Math.min(a, b));
  }

  @Override
  public ByteVector call(EvmCall call, BlockRef at) {
    BlockRef block = resolved(at);
    BothAnswers<ByteVector> answers = ask(node -> node.call(call, block));
    if (answers.isTorn()) {
      throw dispute.over("a call at " + block, answers.first(), answers.second());
    }
    return same("a call at " + block, answers);
  }

  @Override
  public ByteVector32 send(ByteVector raw) {
    return ask(node -> node.send(raw)).believed((a, b) -> a);
  }

  /** Whether both have it: else it is sent again, to both. */
  @Override
  public boolean knows(ByteVector32 transaction) {
    return ask(node -> node.knows(transaction)).merged(Boolean::logicalAnd);
  }

  /** Empty as well while one of them has the block of the receipt not yet. */
  @Override
  public Optional<EvmReceipt> receipt(ByteVector32 transaction) {
    BothAnswers<Optional<EvmReceipt>> answers = ask(node -> node.receipt(transaction));
    return answers.merged(
        (a, b) -> {
          if (a.equals(b)) {
            return a;
          }
          EvmReceipt claimed = a.or(() -> b).orElseThrow();
          boolean isLone = a.isEmpty() || b.isEmpty();
          boolean sameBlock =
              isLone
                  ? bothSame(claimed.block())
                      .filter(block -> block.hash().equals(claimed.blockHash()))
                      .isPresent()
                  : a.get().blockHash().equals(b.get().blockHash());
          if (sameBlock) {
            throw dispute.over(
                "the receipt of 0x%s in block %d".formatted(transaction.toHex(), claimed.block()),
                a.isPresent() ? "one" : "none",
                b.isPresent() ? "one" : "none");
          }
          return Optional.empty();
        });
  }

  @Override
  public List<EvmLog> logs(LogFilter filter, long from, long to) {
    return same(
        "the logs of the blocks %d to %d".formatted(from, to),
        ask(node -> node.logs(filter, from, to)));
  }

  @Override
  public List<EvmLog> logs(LogFilter filter, ByteVector32 block) {
    return same("the logs of 0x" + block.toHex(), ask(node -> node.logs(filter, block)));
  }

  @Override
  public void close() {
    first.close();
    second.close();
    threads.shutdownNow();
  }

  @Override
  public String toString() {
    return first + " with " + second;
  }

  /** Tags mean other blocks on other nodes. */
  private BlockRef resolved(BlockRef at) {
    return at instanceof BlockRef.Tag tag
        ? BlockRef.hash(
            common(tag)
                .orElseThrow(() -> new EvmException("%s have no %s block".formatted(this, tag)))
                .hash())
        : at;
  }

  private <T> T same(String what, BothAnswers<T> answers) {
    BinaryOperator<T> equal =
        (a, b) -> {
          if (!Objects.equals(a, b)) {
            throw dispute.over(what, a, b);
          }
          return a;
        };
    return answers.merged(equal);
  }

  private <T> BothAnswers<T> ask(Function<StandingNode, T> question) {
    CompletableFuture<BothAnswers.Answer<T>> other =
        CompletableFuture.supplyAsync(() -> answer(second, question), threads);
    return new BothAnswers<>(answer(first, question), other.join());
  }

  private static <T> BothAnswers.Answer<T> answer(
      StandingNode node, Function<StandingNode, T> question) {
    try {
      return new BothAnswers.Answer.Said<>(question.apply(node));
    } catch (RefusedByNodeException e) {
      return new BothAnswers.Answer.Refused<>(e);
    } catch (EvmException e) {
      return new BothAnswers.Answer.Away<>(e);
    }
  }
}
