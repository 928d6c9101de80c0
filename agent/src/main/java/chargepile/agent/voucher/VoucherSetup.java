package chargepile.agent.voucher;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.eip712.Domain;
import java.time.Duration;

/**
 * What a channel's opening fixed for good.
 *
 * @param a the side that opened it
 * @param openNonce what tells this channel from others that A opened with B; 0 or more
 * @param challengePeriod how long after a close either side can show a better voucher (P1-25)
 * @param own which side is this one
 * @param metering whether this side meters the energy
 */
public record VoucherSetup(
    Domain domain,
    EvmAddress token,
    EvmAddress a,
    EvmAddress b,
    long openNonce,
    Duration challengePeriod,
    Party own,
    boolean metering) {
  /** The id that the contract gives it. */
  public VoucherChannelId id() {
    return new VoucherChannelId(
        Keccak256.hash(
            Eip712.word(domain.chainId()),
            Eip712.word(domain.contract()),
            Eip712.word(token),
            Eip712.word(a),
            Eip712.word(b),
            Eip712.word(openNonce)));
  }

  public EvmAddress ownAddress() {
    return address(own);
  }

  public EvmAddress peerAddress() {
    return address(own.other());
  }

  public EvmAddress address(Party party) {
    return party == Party.A ? a : b;
  }

  /** Who pays for energy that flows in a direction. */
  Party payer(Direction direction) {
    boolean meteringPays = direction == Direction.EXPORT;
    return metering == meteringPays ? own : own.other();
  }
}
