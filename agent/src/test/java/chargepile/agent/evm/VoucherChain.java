package chargepile.agent.evm;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The real contracts of voucher channels on a node of our own. */
public final class VoucherChain {
  public static final Duration SHORTEST = Duration.ofHours(1);

  /** Says 18 to every question, which is all that is asked of it here. */
  private static final ByteVector SAYS_18 = ByteVector.fromHex("60125f5260205ff3");

  private static final EvmAddress NO_REGISTRY = EvmAddress.of("0x" + "00".repeat(20));
  private static final EvmAddress UNDERLYING =
      EvmAddress.of("0x00000000000000000000000000000000000000ee");

  private static final ByteVector REFUSES = ByteVector.fromHex("5f5ffd");

  private final Map<EvmAddress, ByteVector> codes = new HashMap<>();
  private final Anvil anvil;
  private final EvmAddress token;
  private final EvmAddress contract;
  private final long since;

  private VoucherChain(Anvil anvil, EvmAddress token, EvmAddress contract, long since) {
    this.anvil = anvil;
    this.token = token;
    this.contract = contract;
    this.since = since;
  }

  /** Puts them there. */
  public static VoucherChain on(Anvil anvil) {
    EvmKey deployer = Anvil.key(4);
    anvil.setCode(UNDERLYING, SAYS_18);
    EvmAddress token =
        anvil.create(
            deployer, ContractArtifact.load("EnergyAccountToken").creation("t", UNDERLYING));
    long since = anvil.height();
    EvmAddress contract =
        anvil.create(
            deployer,
            ContractArtifact.load("VoucherChannel")
                .creation("v", SHORTEST.toSeconds(), 7 * 86_400L, 86_400L, NO_REGISTRY));
    return new VoucherChain(anvil, token, contract, since);
  }

  public Anvil anvil() {
    return anvil;
  }

  public EvmAddress token() {
    return token;
  }

  public Domain domain() {
    return new Domain(Anvil.CHAIN_ID, contract);
  }

  public VoucherChannelContract contract(EvmNode node) {
    return new VoucherChannelContract(node, contract, since);
  }

  public static Reverts reverts() {
    return ContractArtifact.reverts(
        ContractArtifact.load("VoucherChannel"), ContractArtifact.load("EnergyAccountToken"));
  }

  /** Coins to pay for transactions, and tokens. */
  public void endow(EvmAddress account, Amount tokens) {
    anvil.setBalance(account, new Wei(BigInteger.TEN.pow(20)));
    anvil.give(token, account, tokens);
  }

  public Amount balance(EvmAddress account) {
    try (EvmRpc node = anvil.rpc()) {
      return new TokenContract(node, token).balance(account, BlockRef.LATEST);
    }
  }

  /** Lets the contract take so much of an account. */
  public void approve(EvmKey owner, Amount amount) {
    try (EvmRpc node = anvil.rpc()) {
      var unused =
          anvil.carryOut(
              owner, new TokenContract(node, token).approve("approval", contract, amount));
    }
  }

  /** The time of the head, in Unix seconds. */
  public long time() {
    try (EvmRpc node = anvil.rpc()) {
      return node.block(BlockRef.LATEST).orElseThrow().time().getEpochSecond();
    }
  }

  /** Whether the token refuses everything. */
  public void tokenRefuses(boolean refuses) {
    refuse(token, refuses);
  }

  /** Whether the contract of the channels refuses everything. */
  public void contractRefuses(boolean refuses) {
    refuse(contract, refuses);
  }

  private void refuse(EvmAddress at, boolean refuses) {
    try (EvmRpc node = anvil.rpc()) {
      if (refuses) {
        codes.put(at, node.code(at, BlockRef.LATEST));
        anvil.setCode(at, REFUSES);
      } else {
        anvil.setCode(at, Objects.requireNonNull(codes.remove(at)));
      }
    }
  }
}
