package chargepile.agent.evm;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.util.Arrays;

/** The energy account token (P2-14): ERC-20 with permits (EIP-2612). Thread-safe. */
public final class TokenContract {
  private static final ByteVector32 PERMIT =
      Keccak256.hash(
          "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

  private final DeployedContract contract;

  public TokenContract(EvmNode node, EvmAddress address) {
    this.contract =
        new DeployedContract(node, address, ContractArtifact.load("EnergyAccountToken"));
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** Told as the largest amount where it is more. */
  public Amount balance(EvmAddress account, BlockRef at) {
    return Abi.amount(contract.ask("balanceOf", at, account).get(0));
  }

  public Amount allowance(EvmAddress owner, EvmAddress spender, BlockRef at) {
    return Abi.amount(contract.ask("allowance", at, owner, spender).get(0));
  }

  /** How people call it; anybody may have written the contract. */
  public String symbol() {
    return contract.ask("symbol", BlockRef.LATEST).get(0);
  }

  /** Places by which a token is more than a base unit. */
  public int decimals() {
    return Math.toIntExact(Abi.number(contract.ask("decimals", BlockRef.LATEST).<Object>get(0)));
  }

  /** What a deposit is made in. */
  public EvmAddress underlying() {
    return Abi.address(contract.ask("underlying", BlockRef.LATEST).get(0));
  }

  public TransactionIntent approve(String key, EvmAddress spender, Amount amount) {
    return contract.intent(key, "approval for " + spender, "approve", spender, amount);
  }

  public TransactionIntent transfer(String key, EvmAddress to, Amount amount) {
    return contract.intent(key, "transfer to " + to, "transfer", to, amount);
  }

  /** Turns underlying tokens, approved before, into an energy account's balance. */
  public TransactionIntent deposit(String key, Amount amount, EvmAddress to) {
    return contract.intent(key, "deposit for " + to, "deposit", amount, to);
  }

  /** Turns the own balance into underlying tokens. */
  public TransactionIntent withdraw(String key, Amount amount, EvmAddress to) {
    return contract.intent(key, "withdrawal to " + to, "withdraw", amount, to);
  }

  /**
   * A signed approval, to be carried by a call.
   *
   * @param deadline Unix time in seconds of the chain
   */
  public record Permit(long deadline, EvmSignature signature) {
    /** As a struct of a call. */
    public Tuple tuple() {
      byte[] compact = signature.compact().toByteArray();
      return Tuple.of(
          BigInteger.valueOf(deadline),
          signature.v(),
          Arrays.copyOfRange(compact, 0, 32),
          Arrays.copyOfRange(compact, 32, 64));
    }
  }

  /** Lets {@code spender} take an amount from the account of the key, once. */
  public Permit permit(EvmKey owner, EvmAddress spender, Amount amount, long deadline) {
    ByteVector32 domain =
        Abi.hash(contract.ask("DOMAIN_SEPARATOR", BlockRef.LATEST).<Object>get(0));
    long nonce =
        Abi.number(contract.ask("nonces", BlockRef.LATEST, owner.address()).<Object>get(0));
    ByteVector32 struct =
        Keccak256.hash(
            PERMIT,
            Eip712.word(owner.address()),
            Eip712.word(spender),
            Eip712.word(amount),
            Eip712.word(nonce),
            Eip712.word(deadline));
    ByteVector prefix = new ByteVector(new byte[] {0x19, 0x01});
    return new Permit(deadline, owner.sign(Keccak256.hash(prefix, domain, struct)));
  }
}
