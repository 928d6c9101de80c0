package chargepile.agent.evm.market;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.identity.ChainComplaint;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The part of the registry by which a bond is lost (P1-11). Thread-safe. */
public final class VerdictsContract {
  private static final long STEP_GAS = 300_000;
  private static final long PAYOUT_GAS = 600_000;

  private final DeployedContract contract;

  /**
   * @param registry where the registry is
   */
  public VerdictsContract(EvmNode node, EvmAddress registry) {
    this.contract = new DeployedContract(node, registry, ContractArtifact.load("Registry"));
  }

  /** The verdict that is open against a party, if there is one. */
  public Optional<BondVerdict> on(ByteVector32 id, BlockRef at) {
    Tuple x = contract.ask("verdictOn", at, id).get(0);
    long stage = OrderStructs.number(x, 2);
    if (stage == 0) {
      return Optional.empty();
    }
    BondVerdict.Stage[] stages = BondVerdict.Stage.values();
    if (stage > stages.length) {
      throw new EvmException("a verdict is at stage %d, which is none".formatted(stage));
    }
    return Optional.of(
        new BondVerdict(
            Abi.address(x.get(0)),
            OrderStructs.time(x, 1),
            stages[(int) stage - 1],
            x.<Boolean>get(3),
            Abi.amount(x.get(4)),
            Abi.hash(x.get(5))));
  }

  /** Until then verdicts against a party suspend it only once they are upheld. */
  public Instant pauseUntil(ByteVector32 id, BlockRef at) {
    return Instant.ofEpochSecond(Abi.number(contract.ask("pauseUntil", at, id).<Object>get(0)));
  }

  /** Whether a complaint had its verdict already. */
  public boolean wasBrought(ByteVector32 complaint, BlockRef at) {
    return contract.ask("brought", at, complaint).get(0);
  }

  /** May accuse. */
  public EvmAddress agency() {
    return Abi.address(contract.ask("agency", BlockRef.LATEST).get(0));
  }

  /** Rules on appeals. */
  public EvmAddress court() {
    return Abi.address(contract.ask("court", BlockRef.LATEST).get(0));
  }

  /** How long the accused may appeal. */
  public Duration appealWindow() {
    return window("appealWindow");
  }

  /** How long the court may rule. */
  public Duration rulingWindow() {
    return window("rulingWindow");
  }

  private Duration window(String name) {
    return Duration.ofSeconds(Abi.number(contract.ask(name, BlockRef.LATEST).<Object>get(0)));
  }

  /** By the agency. */
  public TransactionIntent accuse(
      ByteVector32 digest, ChainComplaint complaint, EvmSignature byHarmed) {
    return contract
        .intent(
            contract.key("accuse", "0x" + digest.toHex()),
            "verdict against %s".formatted(complaint.accused()),
            "accuse",
            RegistryContract.id(complaint.accused()),
            complaint.amount(),
            RegistryContract.id(complaint.harmed()),
            complaint.evidence(),
            byHarmed)
        .withGasLimit(STEP_GAS);
  }

  /** By the accused party's account, or by its bond's owner. */
  public TransactionIntent appeal(ByteVector32 id, BondVerdict verdict) {
    return step("appeal", id, verdict, STEP_GAS, "appeal against the verdict");
  }

  /** By the court. */
  public TransactionIntent rule(ByteVector32 id, BondVerdict verdict, boolean upheld) {
    return contract
        .intent(key("rule-" + upheld, id, verdict), "ruling on the appeal", "rule", id, upheld)
        .withGasLimit(STEP_GAS);
  }

  /** Carries out what is final, or ends what has lapsed; anybody may. */
  public TransactionIntent conclude(ByteVector32 id, BondVerdict verdict) {
    return step("conclude", id, verdict, PAYOUT_GAS, "end of the verdict");
  }

  private TransactionIntent step(
      String function, ByteVector32 id, BondVerdict verdict, long gas, String purpose) {
    return contract.intent(key(function, id, verdict), purpose, function, id).withGasLimit(gas);
  }

  private String key(String what, ByteVector32 id, BondVerdict verdict) {
    return contract.key(what, "0x" + id.toHex(), verdict.deadline().getEpochSecond());
  }
}
