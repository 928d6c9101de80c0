package chargepile.agent.evm;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transaction of type 2 (EIP-1559), not signed yet. It has no access list.
 *
 * @param maxPriorityFee what a unit of gas may pay above the base fee
 * @param maxFee what a unit of gas may pay in all
 * @param gasLimit above zero
 * @param to empty: a contract is created
 */
public record Eip1559Transaction(
    long chainId,
    long nonce,
    Wei maxPriorityFee,
    Wei maxFee,
    long gasLimit,
    Optional<EvmAddress> to,
    Wei value,
    ByteVector data) {
  private static final byte TYPE = 2;

  /** The v of a nonce's point with an even y. */
  private static final int EVEN = 27;

  public Eip1559Transaction {
    if (chainId <= 0 || nonce < 0 || gasLimit <= 0) {
      throw new IllegalArgumentException(
          "chain id %d, nonce %d, gas limit %d".formatted(chainId, nonce, gasLimit));
    }
    if (maxPriorityFee.compareTo(maxFee) > 0) {
      throw new IllegalArgumentException(
          "a priority fee of %s above the whole fee of %s".formatted(maxPriorityFee, maxFee));
    }
  }

  public SignedTransaction sign(EvmKey key) {
    EvmSignature signature = key.sign(Keccak256.hash(envelope(fields())));
    List<Object> fields = fields();
    fields.add(Rlp.number(BigInteger.valueOf(signature.v() - EVEN)));
    byte[] compact = signature.compact().toByteArray();
    fields.add(Rlp.number(new BigInteger(1, compact, 0, 32)));
    fields.add(Rlp.number(new BigInteger(1, compact, 32, 32)));
    ByteVector raw = envelope(fields);
    return new SignedTransaction(this, raw, Keccak256.hash(raw));
  }

  private List<Object> fields() {
    return new ArrayList<>(
        List.of(
            Rlp.number(BigInteger.valueOf(chainId)),
            Rlp.number(BigInteger.valueOf(nonce)),
            Rlp.number(maxPriorityFee.value()),
            Rlp.number(maxFee.value()),
            Rlp.number(BigInteger.valueOf(gasLimit)),
            to.map(address -> address.value().toByteArray()).orElse(new byte[0]),
            Rlp.number(value.value()),
            data.toByteArray(),
            List.of()));
  }

  private static ByteVector envelope(List<Object> fields) {
    return new ByteVector(new byte[] {TYPE}).concat(RLPEncoder.list(fields));
  }
}
