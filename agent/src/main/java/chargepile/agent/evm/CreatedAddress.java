package chargepile.agent.evm;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.util.List;

/** Where contracts will be: it follows from who makes them (yellow paper, 7). */
public final class CreatedAddress {
  private CreatedAddress() {}

  /**
   * Of the contract that an account's transaction makes.
   *
   * @param nonce of that transaction
   */
  public static EvmAddress of(EvmAddress creator, long nonce) {
    List<Object> fields =
        List.of(creator.value().toByteArray(), Rlp.number(BigInteger.valueOf(nonce)));
    return new EvmAddress(Keccak256.hash(new ByteVector(RLPEncoder.list(fields))).slice(12, 32));
  }
}
