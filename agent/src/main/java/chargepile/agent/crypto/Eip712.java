package chargepile.agent.crypto;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;

/** EIP-712: what a key signs for one contract on one chain, and values as its 32-byte words. */
public final class Eip712 {
  private static final ByteVector32 DOMAIN =
      Keccak256.hash(
          "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final ByteVector32 VERSION = Keccak256.hash("1");
  private static final ByteVector PREFIX = new ByteVector(new byte[] {0x19, 0x01});
  private static final int WORD_BYTES = 32;
  private static final int ADDRESS_BYTES = 20;

  private Eip712() {}

  /**
   * What is signed for a message.
   *
   * @param name of the contract's domain; its version is 1
   * @param structHash of the message
   */
  public static ByteVector32 digest(
      String name, long chainId, EvmAddress contract, ByteVector32 structHash) {
    return Keccak256.hash(PREFIX, separator(name, chainId, contract), structHash);
  }

  /**
   * The hash of a domain, {@code domainSeparator}.
   *
   * @param name of the contract's domain; its version is 1
   */
  public static ByteVector32 separator(String name, long chainId, EvmAddress contract) {
    return Keccak256.hash(DOMAIN, Keccak256.hash(name), VERSION, word(chainId), word(contract));
  }

  /** An unsigned number of 0 or more. */
  public static ByteVector32 word(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("an unsigned number below zero: " + value);
    }
    return new ByteVector32(
        ByteBuffer.allocate(WORD_BYTES).putLong(WORD_BYTES - Long.BYTES, value).array());
  }

  public static ByteVector32 word(Amount value) {
    return word(value.value());
  }

  public static ByteVector32 word(boolean value) {
    return word(value ? 1L : 0L);
  }

  public static ByteVector32 word(EvmAddress address) {
    byte[] word = new byte[WORD_BYTES];
    System.arraycopy(
        address.value().toByteArray(), 0, word, WORD_BYTES - ADDRESS_BYTES, ADDRESS_BYTES);
    return new ByteVector32(word);
  }
}
