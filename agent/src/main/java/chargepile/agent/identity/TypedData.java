package chargepile.agent.identity;

import chargepile.agent.crypto.Keccak256;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Arrays;

/** EIP-712: what a key on an EVM chain signs, for one contract on one chain. */
final class TypedData {
  private static final ByteVector32 DOMAIN =
      Keccak256.hash(
          "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final ByteVector32 VERSION = Keccak256.hash("1");
  private static final ByteVector PREFIX = new ByteVector("1901");
  private static final int WORD_BYTES = 32;

  private TypedData() {}

  /**
   * What is signed for a message.
   *
   * @param name of the contract's domain; its version is 1
   * @param contract 20 bytes
   */
  static ByteVector32 digest(
      String name, long chainId, ByteVector contract, ByteVector32 structHash) {
    ByteVector32 separator =
        Keccak256.hash(DOMAIN, Keccak256.hash(name), VERSION, word(chainId), word(contract));
    return Keccak256.hash(PREFIX, separator, structHash);
  }

  /** The id by which the contracts know a party: the hash of its name. */
  static ByteVector32 id(PartyId party) {
    return Keccak256.hash(party.value());
  }

  /** A number of 0 or more. */
  static ByteVector32 word(long value) {
    return word(new FieldWriter().u64(value).toByteVector());
  }

  /** A number or an address in as many bytes as it has. */
  static ByteVector32 word(ByteVector value) {
    byte[] word = new byte[WORD_BYTES];
    byte[] bytes = value.toByteArray();
    System.arraycopy(bytes, 0, word, WORD_BYTES - bytes.length, bytes.length);
    return new ByteVector32(word);
  }

  /** Bytes of a fixed length, which stand in front of what fills the word. */
  static ByteVector32 leading(ByteVector value) {
    return new ByteVector32(Arrays.copyOf(value.toByteArray(), WORD_BYTES));
  }
}
