package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.NodeOptions;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.market.BondVerdict;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.evm.market.VerdictsContract;
import chargepile.agent.identity.PartyId;
import chargepile.agent.units.EvmAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * A registry that is reached, and the verdicts of it.
 *
 * @param own who the command's device is, where that is known
 */
record Bench(
    NodeOptions.Reached chain,
    RegistryContract registry,
    VerdictsContract verdicts,
    Optional<PartyId> own)
    implements AutoCloseable {
  static Bench at(NodeOptions.Reached chain, EvmAddress registry, Optional<PartyId> own) {
    return new Bench(
        chain,
        new RegistryContract(chain.node(), registry),
        new VerdictsContract(chain.node(), registry),
        own);
  }

  EvmNode node() {
    return chain.node();
  }

  /** By the chain's clock. */
  Instant now() {
    return node()
        .block(BlockRef.LATEST)
        .orElseThrow(() -> new EvmException(node() + " has no block at all"))
        .time();
  }

  /**
   * @throws CommandFailedException when there is no such party
   */
  RegisteredParty requireParty(PartyId name) throws CommandFailedException {
    return registry
        .party(RegistryContract.id(name), BlockRef.LATEST)
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "%s is not in the registry %s: check the name (market status --party)"
                        .formatted(name, registry.address())));
  }

  Optional<BondVerdict> verdict(PartyId name) {
    return verdicts.on(RegistryContract.id(name), BlockRef.LATEST);
  }

  /**
   * @throws CommandFailedException when nothing is open against the party
   */
  BondVerdict requireVerdict(PartyId name) throws CommandFailedException {
    return verdict(name)
        .orElseThrow(
            () -> new CommandFailedException("no verdict is open against %s".formatted(name)));
  }

  @Override
  public void close() {
    chain.close();
  }
}
