package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A contract on the chain, by the names of its functions and events. Thread-safe. */
public final class DeployedContract {
  /** Of an address: enough that no two contracts of an account's outbox are taken for one. */
  private static final int KEY_CHARACTERS = 18;

  private final EvmNode node;
  private final EvmAddress address;
  private final ContractArtifact artifact;

  public DeployedContract(EvmNode node, EvmAddress address, ContractArtifact artifact) {
    this.node = node;
    this.address = address;
    this.artifact = artifact;
  }

  /** The same contract as another node shows it. */
  DeployedContract at(EvmNode other) {
    return new DeployedContract(other, address, artifact);
  }

  public EvmNode node() {
    return node;
  }

  public EvmAddress address() {
    return address;
  }

  public ContractArtifact artifact() {
    return artifact;
  }

  public TransactionIntent intent(
      String key, String purpose, String function, Object... arguments) {
    return TransactionIntent.call(
        key, purpose, address, Abi.call(artifact.function(function), arguments));
  }

  /**
   * The key of a transaction that is always the same for the same thing, so that it is decided on
   * once: this contract, what is done, and to what.
   */
  public String key(String what, Object... of) {
    StringBuilder key = new StringBuilder(address.toString().substring(0, KEY_CHARACTERS));
    key.append('/').append(what);
    for (Object part : of) {
      key.append('/').append(part);
    }
    return key.toString();
  }

  /** Some of its logs, from one block to another, in their order. */
  public List<EvmLog> history(Set<String> events, long first, long last) {
    Set<ByteVector32> signatures =
        events.stream().map(artifact::signature).collect(Collectors.toUnmodifiableSet());
    return LogHistory.read(node, new LogFilter(Set.of(address), signatures), first, last);
  }

  /**
   * What a function returns in the state after a block.
   *
   * @throws EvmException also when the answer does not fit, as where there is no such contract
   */
  public Tuple ask(String name, BlockRef at, Object... arguments) {
    Function function = artifact.function(name);
    ByteVector answer = node.call(EvmCall.question(address, Abi.call(function, arguments)), at);
    try {
      return function.decodeReturn(answer.toByteArray());
    } catch (RuntimeException e) {
      // headlong throws several kinds on bytes that don't fit.
      throw new EvmException(
          "%s says of %s.%s what does not fit: is there a %s at %s?"
              .formatted(node, artifact.name(), name, artifact.name(), address),
          e);
    }
  }

  /** A log of this contract: its event's name and all arguments in their order. */
  public record Decoded(String event, Tuple arguments) {}

  /** Empty: it is of another contract, or an event of no interest. */
  public Optional<Decoded> decode(EvmLog log) {
    if (!log.contract().equals(address)) {
      return Optional.empty();
    }
    return artifact.event(log).map(event -> decode(event, log));
  }

  private Decoded decode(Event<Tuple> event, EvmLog log) {
    byte[][] topics = log.topics().stream().map(ByteVector32::toByteArray).toArray(byte[][]::new);
    try {
      return new Decoded(event.getName(), event.decodeArgs(topics, log.data().toByteArray()));
    } catch (RuntimeException e) {
      throw new EvmException(
          "a log of %s in block %d is no %s: is there a %s at %s?"
              .formatted(address, log.block(), event.getName(), artifact.name(), address),
          e);
    }
  }
}
