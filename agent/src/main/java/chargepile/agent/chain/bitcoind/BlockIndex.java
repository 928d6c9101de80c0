package chargepile.agent.chain.bitcoind;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the blocks up to a tip say of watched transactions: where they are mined and who spends
 * their outputs. It grows with each block and shrinks with each block that a reorganisation
 * removes.
 *
 * <p>Of the last blocks it keeps the hash, to follow reorganisations, and of the last hundred or so
 * the fingerprints, so that something that is watched only later is found without reading them all
 * again. A watched transaction stays so until the end of the process: some tens for each channel.
 */
final class BlockIndex {
  /** Deeper reorganisations make the index start anew; the hashes of two weeks are 200 kB. */
  private static final int KEPT = 2016;

  /** A full block has some 10,000 fingerprints of 4 bytes: 6 MB for a day. */
  static final int RECENT = 144;

  private static final int[] UNREAD = {};

  private final TreeMap<Integer, Kept> kept = new TreeMap<>();
  private final Map<TxId, BlockHeight> mined = new HashMap<>();
  private final Map<OutPoint, Spend> spends = new HashMap<>();
  private final Set<TxId> watched = new HashSet<>();

  /** Every block since its birth was searched, so all there is of it is here. */
  private final Set<TxId> searched = new HashSet<>();

  /** Outputs found unspent when they were first watched: only later blocks matter. */
  private final Set<OutPoint> knownUnspent = new HashSet<>();

  private record Kept(BlockHash hash, int[] fingerprints) {}

  boolean isEmpty() {
    return kept.isEmpty();
  }

  boolean watchesNothing() {
    return watched.isEmpty();
  }

  /** The height of the last block; there must be one. */
  int height() {
    return kept.lastKey();
  }

  BlockHash tip() {
    return kept.lastEntry().getValue().hash;
  }

  /** Takes a block as known without having read it. */
  void place(int height, BlockHash hash) {
    kept.put(height, new Kept(hash, UNREAD));
  }

  /** Adds the block above the tip and looks for what is watched. */
  void append(RawBlock block) {
    int height = height() + 1;
    kept.put(height, new Kept(block.hash(), block.fingerprints()));
    kept.computeIfPresent(height - RECENT, (past, entry) -> new Kept(entry.hash, UNREAD));
    kept.remove(height - KEPT);
    note(height, block, watched);
  }

  /** Takes the last block back, and what was found in it. */
  void pop() {
    BlockHeight removed = new BlockHeight(kept.pollLastEntry().getKey());
    mined.forEach(
        (txid, height) -> {
          if (height.equals(removed)) {
            // In no other block, so what lies below needs no second search.
            searched.add(txid);
          }
        });
    mined.values().removeIf(removed::equals);
    spends.values().removeIf(spend -> spend.minedAt().filter(removed::equals).isPresent());
  }

  /** Forgets everything. */
  void clear() {
    kept.clear();
    mined.clear();
    spends.clear();
    watched.clear();
    searched.clear();
    knownUnspent.clear();
  }

  /** Whether all there is of a transaction in blocks is here. */
  boolean covers(TxId transaction) {
    return searched.contains(transaction) || mined.containsKey(transaction);
  }

  /** Whether the spend of an output in a block, if there is one, is here. */
  boolean covers(OutPoint output) {
    return searched.contains(output.txid) || knownUnspent.contains(output);
  }

  /** Looks for it in every block to come; what it has not been searched for stays uncovered. */
  void watch(TxId transaction) {
    watched.add(transaction);
  }

  /** Every block that could hold it was searched. */
  void searched(TxId transaction) {
    searched.add(transaction);
  }

  /** An output is in a block, and unspent at the tip. */
  void unspent(OutPoint output, BlockHeight minedAt) {
    mined.put(output.txid, minedAt);
    knownUnspent.add(output);
  }

  /** Where a transaction is mined, as far as is known. */
  Optional<BlockHeight> minedAt(TxId transaction) {
    return Optional.ofNullable(mined.get(transaction))
        .or(
            () ->
                spends.values().stream()
                    .filter(spend -> spend.transaction().txid.equals(transaction))
                    .findFirst()
                    .flatMap(Spend::minedAt));
  }

  Optional<Spend> spend(OutPoint output) {
    return Optional.ofNullable(spends.get(output));
  }

  Optional<BlockHash> hashAt(int height) {
    return Optional.ofNullable(kept.get(height)).map(Kept::hash);
  }

  /** Whether a block must be read to know what it says of these. */
  boolean mayHold(int height, Set<TxId> transactions) {
    Kept block = kept.get(height);
    return block == null
        || block.fingerprints.length == 0
        || transactions.stream().anyMatch(txid -> RawBlock.mayHold(block.fingerprints, txid));
  }

  /** Notes what a block says of some transactions; gives those that are mined in it. */
  Set<TxId> note(int height, RawBlock block, Set<TxId> transactions) {
    Set<TxId> found = new HashSet<>();
    BlockHeight at = new BlockHeight(height);
    block.find(
        transactions,
        new RawBlock.Finder() {
          @Override
          public void mined(TxId transaction) {
            mined.put(transaction, at);
            found.add(transaction);
          }

          @Override
          public void spent(OutPoint output, Transaction by) {
            spends.put(output, new Spend(by, Optional.of(at)));
          }
        });
    return found;
  }
}
