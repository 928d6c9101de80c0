package chargepile.agent.evm.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;

/** What the registry tells of a party. */
public sealed interface RegistryLog {
  ByteVector32 party();

  record Registered(ByteVector32 party, EvmAddress account, ByteVector32 company)
      implements RegistryLog {}

  /**
   * Money was added to a bond.
   *
   * @param bond the whole of it now
   */
  record BondLocked(ByteVector32 party, EvmAddress from, Amount amount, Amount bond)
      implements RegistryLog {}

  record BondAssigned(ByteVector32 party, EvmAddress owner) implements RegistryLog {}

  record Deregistered(ByteVector32 party, Instant unlockAt) implements RegistryLog {}

  record Released(ByteVector32 party, EvmAddress owner, Amount bond) implements RegistryLog {}

  record Revoked(ByteVector32 party, int throughVersion) implements RegistryLog {}

  /**
   * A contract has raised what a party owes, or lowered it.
   *
   * @param open of all contracts
   */
  record ObligationsChanged(ByteVector32 party, EvmAddress by, long open) implements RegistryLog {}
}
