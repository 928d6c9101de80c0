package chargepile.agent.cli.agency;

import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The meters of all registered parties, which a review encloses. Logs that are deep enough are read
 * once. Used by one thread at a time.
 */
final class RegisteredMeters {
  /** What no reorganisation reaches: a little more than four epochs. */
  private static final long DEEP = 150;

  private final Registrations registrations;
  private final PublicKey none;
  private final long since;
  private final Map<ByteVector32, Optional<PublicKey>> deep = new HashMap<>();
  private long nextDeep;

  /** Where registrations are told. */
  @FunctionalInterface
  interface Registrations {
    /** As {@link RegistryContract#meters} has them. */
    Map<ByteVector32, Optional<PublicKey>> between(long first, long last);
  }

  /**
   * @param none enclosed where a party has no meter: whatever key it is, the order breaks R2
   * @param since the block before which nobody was registered
   */
  RegisteredMeters(Registrations registrations, PublicKey none, long since) {
    this.registrations = registrations;
    this.none = none;
    this.since = since;
    this.nextDeep = since;
  }

  /** Of all that a block shows. */
  Map<PileId, PublicKey> at(long head) {
    if (head < nextDeep) { // what was read belongs to a head that there never was
      deep.clear();
      nextDeep = since;
    }
    if (head - DEEP >= nextDeep) {
      deep.putAll(registrations.between(nextDeep, head - DEEP));
      nextDeep = head - DEEP + 1;
    }
    Map<ByteVector32, Optional<PublicKey>> all = new HashMap<>(deep);
    all.putAll(registrations.between(nextDeep, head));
    Map<PileId, PublicKey> meters = new HashMap<>();
    all.forEach((party, meter) -> meters.put(ChainNames.pile(party), meter.orElse(none)));
    return meters;
  }
}
