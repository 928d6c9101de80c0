package chargepile.agent.identity;

import fr.acinq.bitcoin.ByteVector;

/**
 * A party's account on an EVM chain and where it is registered there (P1-10).
 *
 * @param address 20 bytes
 * @param chainId EIP-155
 * @param registry the registration contract's address, 20 bytes
 */
public record EvmAccount(ByteVector address, long chainId, ByteVector registry) {
  private static final int ADDRESS_BYTES = 20;

  public EvmAccount {
    if (address.size() != ADDRESS_BYTES || registry.size() != ADDRESS_BYTES) {
      throw new IllegalArgumentException("an EVM address has 20 bytes");
    }
    if (chainId <= 0) {
      throw new IllegalArgumentException("an EVM chain id is above 0");
    }
  }

  void write(FieldWriter out) {
    out.bytes(address).u64(chainId).bytes(registry);
  }

  static EvmAccount read(FieldReader in) {
    return new EvmAccount(in.bytes(ADDRESS_BYTES), in.u63(), in.bytes(ADDRESS_BYTES));
  }
}
