package chargepile.agent.cli.market.chain;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who has a say in a market, for good.
 *
 * @param kgc the key generation centre's Ethereum address
 * @param kgcParameters fingerprint of its public parameters
 * @param agency reviews orders, publishes limits, may accuse
 * @param court rules on appeals against the agency
 * @param deputy reviews the agency's own orders, if anybody does
 * @param grid has the grid's fee
 */
public record Offices(
    EvmAddress kgc,
    ByteVector32 kgcParameters,
    EvmAddress agency,
    EvmAddress court,
    Optional<EvmAddress> deputy,
    EvmAddress grid) {

  /** Why the contracts would not be deployed with these; sentences without a full stop. */
  List<String> objections() {
    List<String> found = new ArrayList<>();
    if (agency.equals(court)) {
      found.add("agency and court are one: nobody would rule on the agency's verdicts");
    }
    if (kgc.equals(agency) || kgc.equals(court)) {
      found.add("the key generation centre is agency or court too");
    }
    if (deputy.filter(d -> d.equals(agency) || d.equals(grid)).isPresent()) {
      found.add("the deputy is the agency or the grid, whose orders it is to review");
    }
    return found;
  }
}
