package chargepile.agent.evm.market;

import chargepile.agent.identity.Role;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.Optional;

/**
 * A party as the registry has it (P1-10, P1-11).
 *
 * @param id the hash of its name
 * @param ratedPowerWatts of a pile; 0 for everybody else
 * @param owner whom the bond belongs to
 * @param obligations open channels, orders and the like, which keep it from leaving
 * @param notAfter the first moment at which its certificate no longer holds
 * @param unlockAt when the bond of a party that has left is free
 * @param company id of the registrar of a pile
 * @param identityKey hash of y_ID
 * @param nodeKey hash of the key of its encrypted link
 * @param meterKey hash of the key of its meter; zeros for none
 */
public record RegisteredParty(
    ByteVector32 id,
    EvmAddress account,
    Role role,
    int keyVersion,
    long ratedPowerWatts,
    EvmAddress owner,
    long obligations,
    Instant notBefore,
    Instant notAfter,
    Optional<Instant> unlockAt,
    Amount bond,
    Optional<ByteVector32> company,
    ByteVector32 identityKey,
    ByteVector32 nodeKey,
    ByteVector32 meterKey) {
  /** Whether it has left, and waits for its bond. */
  public boolean isLeaving() {
    return unlockAt.isPresent();
  }
}
