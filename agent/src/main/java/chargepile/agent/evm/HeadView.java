package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector32;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The last blocks of one node with their logs. Not thread-safe. */
final class HeadView {
  /** Where finality stands still, what is older than this is told by finality alone. */
  private static final long DEEPEST = 1024;

  private final EvmNode node;
  private final LogFilter filter;
  private final TreeMap<Long, Entry> blocks = new TreeMap<>();

  private record Entry(ByteVector32 hash, List<EvmLog> logs) {}

  HeadView(EvmNode node, LogFilter filter) {
    this.node = node;
    this.filter = filter;
  }

  /**
   * Follows the node to its head. After an exception the view is as it was.
   *
   * @param told blocks up to this one don't matter any more
   */
  void look(long told) {
    Optional<EvmBlock> head = node.block(BlockRef.LATEST);
    if (head.isEmpty()) {
      return;
    }
    EvmBlock block = head.get();
    long bottom = Math.max(told, block.number() - DEEPEST);
    Map<Long, Entry> fresh = new LinkedHashMap<>();
    while (block.number() > bottom && !has(block)) {
      fresh.put(block.number(), new Entry(block.hash(), node.logs(filter, block.hash())));
      if (block.number() == 0) {
        break;
      }
      block = parent(block);
    }
    blocks.tailMap(block.number(), fresh.containsKey(block.number())).clear();
    blocks.putAll(fresh);
    blocks.headMap(bottom, true).clear();
  }

  private EvmBlock parent(EvmBlock block) {
    return node.block(BlockRef.hash(block.parent()))
        .filter(parent -> parent.number() == block.number() - 1)
        .orElseThrow(() -> new EvmException("%s lacks the parent of %s".formatted(node, block)));
  }

  private boolean has(EvmBlock block) {
    Entry known = blocks.get(block.number());
    return known != null && known.hash().equals(block.hash());
  }

  List<EvmLog> logsAbove(long told) {
    return blocks.tailMap(told, false).values().stream()
        .flatMap(entry -> entry.logs().stream())
        .toList();
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
