package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector32;

/** Which block a question is about. */
public sealed interface BlockRef {
  BlockRef LATEST = Tag.LATEST;
  BlockRef SAFE = Tag.SAFE;
  BlockRef FINALIZED = Tag.FINALIZED;

  static BlockRef number(long number) {
    return new AtNumber(number);
  }

  static BlockRef hash(ByteVector32 hash) {
    return new AtHash(hash);
  }

  /** By how sure it is; the node says which block that is. */
  enum Tag implements BlockRef {
    /** The head, which may be replaced at any time. */
    LATEST,
    /** Justified: replaced only when a third of the validators misbehave or are away. */
    SAFE,
    /** Two epochs deep: replaced only when a third of the stake is burnt. */
    FINALIZED;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** In the chain that the node follows now. */
  record AtNumber(long number) implements BlockRef {
    public AtNumber {
      if (number < 0) {
        throw new IllegalArgumentException("block number below zero: " + number);
      }
    }

    @Override
    public String toString() {
      return "block " + number;
    }
  }

  record AtHash(ByteVector32 hash) implements BlockRef {
    @Override
    public String toString() {
      return "block 0x" + hash.toHex();
    }
  }
}
