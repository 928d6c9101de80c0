package chargepile.agent.identity;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/** Where the channel of a settlement lives: a settlement for one is none for another (P1-17). */
public sealed interface Ledger {
  /**
   * A Bitcoin network.
   *
   * @param chainHash of its first block, in wire byte order (BOLT 2)
   */
  record Bitcoin(ByteVector32 chainHash) implements Ledger {}

  /**
   * A channel contract on an EVM chain.
   *
   * @param chainId EIP-155, above 0
   * @param contract 20 bytes
   */
  record Evm(long chainId, ByteVector contract) implements Ledger {
    public Evm {
      if (chainId <= 0 || contract.size() != 20) {
        throw new IllegalArgumentException(
            "an EVM channel contract has a chain id above 0 and an address of 20 bytes");
      }
    }
  }

  /** Writes it after a byte that says which it is. */
  static void write(Ledger ledger, FieldWriter out) {
    switch (ledger) {
      case Bitcoin bitcoin -> out.u8(1).bytes(bitcoin.chainHash());
      case Evm evm -> out.u8(2).u64(evm.chainId()).bytes(evm.contract());
    }
  }
}
