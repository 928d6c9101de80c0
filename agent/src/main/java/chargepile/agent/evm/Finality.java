package chargepile.agent.evm;

import java.util.Optional;

/** From when on what a block says counts as done. */
public sealed interface Finality {
  Finality SAFE = new ByTag(BlockRef.Tag.SAFE);
  Finality FINALIZED = new ByTag(BlockRef.Tag.FINALIZED);

  /**
   * After so many blocks, for chains that know no tags.
   *
   * @param blocks 1 or more; 1 is the head itself
   */
  static Finality depth(int blocks) {
    return new ByDepth(blocks);
  }

  /** The last block that counts; empty: none does yet. */
  Optional<EvmBlock> block(EvmNode node);

  record ByTag(BlockRef.Tag tag) implements Finality {
    public ByTag {
      if (tag == BlockRef.Tag.LATEST) {
        throw new IllegalArgumentException("the head is not final: give a depth instead");
      }
    }

    @Override
    public Optional<EvmBlock> block(EvmNode node) {
      return node.block(tag);
    }
  }

  record ByDepth(int blocks) implements Finality {
    public ByDepth {
      if (blocks < 1) {
        throw new IllegalArgumentException("a depth of 1 or more is needed, not " + blocks);
      }
    }

    @Override
    public Optional<EvmBlock> block(EvmNode node) {
      return node.block(BlockRef.LATEST)
          .filter(head -> head.number() >= blocks - 1)
          .flatMap(head -> node.block(BlockRef.number(head.number() - blocks + 1)));
    }
  }
}
