package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Answer;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import chargepile.agent.chain.bitcoind.BlockSource.MovedException;
import chargepile.agent.chain.bitcoind.BlockSource.Tip;
import chargepile.agent.chain.json.Json;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tinylog.Logger;

/**
 * Keeps a {@link BlockIndex} at the node's tip and finds, once, what past blocks say of something
 * that is watched for the first time:
 *
 * <ul>
 *   <li>an output that the node holds unspent needs no search, nor does a transaction that waits in
 *       the mempool, nor its outputs;
 *   <li>the outputs of a transaction that is found in a block are searched for from that block on;
 *   <li>the rest is searched for from {@code scanFrom} on if the program has only just started, as
 *       it may be what happened while it was down; later from {@value BlockIndex#RECENT} blocks
 *       back, as it is then something new, a funding transaction as a rule; and from so many before
 *       the last known one when the node has only just come back, as it may be what happened while
 *       the node was away.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class WatchedBlocks {
  /** For so many blocks after the start what is asked for may be older than the start. */
  private static final int JUST_STARTED = 6;

  private static final int WORTH_TELLING = 50;

  private final BitcoindRpc rpc;
  private final BlockSource source;
  private final Optional<BlockHeight> scanFrom;
  private final BlockIndex index = new BlockIndex();
  private final Set<OutPoint> expectedOutputs = new HashSet<>();
  private final Set<TxId> expectedTransactions = new HashSet<>();
  private int startedAt = Integer.MAX_VALUE;

  /** Where the node was found again after an outage of some blocks, and where it had been lost. */
  private int resumedAt = Integer.MAX_VALUE;

  private int lostAt = Integer.MAX_VALUE;

  WatchedBlocks(BitcoindRpc rpc, BlockSource source, Optional<BlockHeight> scanFrom) {
    this.rpc = rpc;
    this.source = source;
    this.scanFrom = scanFrom;
  }

  static Call unspent(OutPoint output) {
    return Call.of("gettxout", output.txid.value.toHex(), output.index, false);
  }

  void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    expectedOutputs.addAll(outputs);
    expectedTransactions.addAll(transactions);
  }

  /** Follows the node to its tip. */
  Tip sync() {
    Tip tip = source.tip();
    noteOutage(tip);
    while (!index.isEmpty() && !isOnBestChain(tip)) {
      index.pop();
    }
    if (index.isEmpty()
        || (index.watchesNothing() && tip.height() - index.height() > BlockIndex.RECENT)) {
      start(tip);
    }
    while (index.height() < tip.height()) {
      int next = index.height() + 1;
      RawBlock block = source.block(next, source.hashAt(next));
      if (!block.previous().equals(index.tip())) {
        throw new MovedException();
      }
      index.append(block);
    }
    return tip;
  }

  Optional<ChainView.Spend> spend(OutPoint output) {
    return index.spend(output);
  }

  Optional<BlockHeight> minedAt(TxId transaction) {
    return index.minedAt(transaction);
  }

  /** Makes sure that the index has all there is of these up to {@code tip}, where it stands. */
  void cover(Tip tip, Set<OutPoint> outputs, Set<TxId> transactions) {
    Set<OutPoint> newOutputs = new HashSet<>(outputs);
    Set<TxId> newTransactions = new HashSet<>(transactions);
    newOutputs.addAll(expectedOutputs);
    newTransactions.addAll(expectedTransactions);
    newOutputs.removeIf(index::covers);
    newTransactions.removeIf(index::covers);
    if (!newOutputs.isEmpty() || !newTransactions.isEmpty()) {
      newOutputs.forEach(output -> index.watch(output.txid));
      newTransactions.forEach(index::watch);
      askNode(tip, newOutputs, newTransactions);
      newOutputs.removeIf(index::covers);
      newTransactions.removeIf(index::covers);
      search(tip, newOutputs, newTransactions);
    }
    expectedOutputs.clear();
    expectedTransactions.clear();
  }

  /** Outages that follow on each other count as one. */
  private void noteOutage(Tip tip) {
    if (!index.isEmpty() && tip.height() - index.height() >= JUST_STARTED) {
      lostAt = isJustAfter(tip, resumedAt) ? Math.min(lostAt, index.height()) : index.height();
      resumedAt = tip.height();
    }
  }

  private static boolean isJustAfter(Tip tip, int height) {
    return tip.height() - height < JUST_STARTED;
  }

  private boolean isOnBestChain(Tip tip) {
    if (index.height() >= tip.height()) {
      return index.height() == tip.height() && index.tip().equals(tip.hash());
    }
    return index.tip().equals(source.hashAt(index.height()));
  }

  private void start(Tip tip) {
    int count = Math.min(BlockIndex.RECENT, tip.height() + 1);
    List<BlockHash> hashes = source.hashesUpTo(tip, count);
    index.clear();
    for (int i = 0; i < count; i++) {
      index.place(tip.height() - count + 1 + i, hashes.get(i));
    }
    startedAt = Math.min(startedAt, tip.height());
  }

  /** What the node says at once: unspent at the tip, or waiting in the mempool. */
  private void askNode(Tip tip, Set<OutPoint> outputs, Set<TxId> transactions) {
    Set<TxId> parents = new HashSet<>(transactions);
    outputs.forEach(output -> parents.add(output.txid));
    List<OutPoint> asked = new ArrayList<>(outputs);
    // Of a transaction alone the first output is as good as any to learn its height.
    transactions.forEach(txid -> asked.add(new OutPoint(txid, 0)));
    List<TxId> parentList = List.copyOf(parents);
    List<Call> calls = new ArrayList<>();
    asked.forEach(output -> calls.add(unspent(output)));
    parentList.forEach(txid -> calls.add(Call.of("getmempoolentry", txid.value.toHex())));
    calls.add(Call.of("getbestblockhash"));
    List<Answer> answers = rpc.askAll(calls);
    if (!BlockSource.hash(answers.getLast().orThrow()).equals(tip.hash())) {
      throw new MovedException();
    }
    for (int i = 0; i < asked.size(); i++) {
      Json output = answers.get(i).orThrow();
      if (!output.isNull()) {
        int confirmations = output.at("confirmations").whole();
        if (confirmations < 1 || confirmations > tip.height() + 1) {
          throw new ChainException(
              "%s says that an output has %d confirmations at height %d"
                  .formatted(rpc, confirmations, tip.height()));
        }
        index.unspent(asked.get(i), new BlockHeight(tip.height() - confirmations + 1));
      }
    }
    for (int i = 0; i < parentList.size(); i++) {
      if (waits(answers.get(asked.size() + i))) {
        index.searched(parentList.get(i));
      }
    }
  }

  private static boolean waits(Answer entry) {
    return switch (entry) {
      case Answer.Result result -> true;
      case Answer.Refusal(NodeError error) -> {
        if (error.code() != NodeError.NOT_FOUND) {
          throw error;
        }
        yield false;
      }
    };
  }

  /** Reads blocks backwards until each transaction is found or cannot be lower. */
  private void search(Tip tip, Set<OutPoint> outputs, Set<TxId> transactions) {
    Map<TxId, Integer> lowest = new HashMap<>();
    outputs.forEach(output -> lowest.put(output.txid, lowest(tip, output.txid)));
    transactions.forEach(txid -> lowest.put(txid, lowest(tip, txid)));
    Set<TxId> wanted = new HashSet<>(lowest.keySet());
    int read = 0;
    for (int height = tip.height(); height >= 0; height--) {
      int current = height;
      wanted.removeIf(txid -> lowest.getOrDefault(txid, 0) > current);
      if (wanted.isEmpty()) {
        break;
      }
      if (index.mayHold(height, wanted)) {
        BlockHash hash = index.hashAt(height).orElseGet(() -> source.hashAt(current));
        wanted.removeAll(index.note(height, source.block(height, hash), wanted));
        read++;
      }
    }
    lowest.keySet().forEach(index::searched);
    if (read >= WORTH_TELLING) {
      Logger.info("searched {} past blocks for {} transactions", read, lowest.size());
    }
  }

  /** No block below can hold a transaction or spend an output of it. */
  private int lowest(Tip tip, TxId transaction) {
    int latest = isJustAfter(tip, resumedAt) ? Math.min(lostAt, tip.height()) : tip.height();
    int recent = Math.max(0, latest - BlockIndex.RECENT);
    int birth =
        isJustAfter(tip, startedAt)
            ? scanFrom.map(from -> Math.min(from.value(), tip.height())).orElse(recent)
            : recent;
    return index.minedAt(transaction).map(BlockHeight::value).orElse(birth);
  }
}
