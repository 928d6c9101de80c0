package chargepile.agent.runtime;

import chargepile.agent.voucher.VoucherSetup;
import fr.acinq.bitcoin.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The voucher channels that a node watches, one a peer. Those that may be made up are looked for a
 * few at a time, each in its turn: so that peers who say much delay none that there is. Not
 * thread-safe.
 */
final class WatchedChannels {
  /** Of those that may be made up, in one round. */
  private static final int AT_A_TIME = 8;

  private final Map<PublicKey, VoucherSetup> present = new LinkedHashMap<>();

  /** The one that waits for the longest comes first. */
  private final Map<PublicKey, VoucherSetup> hearsay = new LinkedHashMap<>();

  /** From now on that channel of the peer's; empty for none. */
  void watch(PublicKey peer, Optional<VoucherSetup> channel, boolean isHearsay) {
    present.remove(peer);
    hearsay.remove(peer);
    channel.ifPresent(setup -> (isHearsay ? hearsay : present).put(peer, setup));
  }

  /** Those that the chain has, as far as it is known. */
  Map<PublicKey, VoucherSetup> present() {
    return new LinkedHashMap<>(present);
  }

  /** Some of the others, whose turn it is. */
  Map<PublicKey, VoucherSetup> someOfHearsay() {
    Map<PublicKey, VoucherSetup> some = new LinkedHashMap<>();
    hearsay.entrySet().stream()
        .limit(AT_A_TIME)
        .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
    some.forEach(
        (peer, channel) -> {
          hearsay.remove(peer);
          hearsay.put(peer, channel);
        });
    return some;
  }

  /** Whether that is what is watched of a peer. */
  boolean contains(PublicKey peer, VoucherSetup channel) {
    return channel.equals(present.get(peer)) || channel.equals(hearsay.get(peer));
  }
}
