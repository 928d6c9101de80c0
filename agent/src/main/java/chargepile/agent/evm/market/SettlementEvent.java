package chargepile.agent.evm.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;

/** What the settlement log tells of a match between two parties, by their ids. */
public sealed interface SettlementEvent {
  Trade of();

  /** Which match between whom. */
  record Trade(ByteVector32 match, ByteVector32 seller, ByteVector32 buyer) {}

  /** One side's word. */
  record Claimed(
      Trade of,
      boolean bySeller,
      ByteVector32 digest,
      MilliWattHours energy,
      Amount amount,
      Instant windowEnds)
      implements SettlementEvent {}

  /** The other side says something else. */
  record Contested(
      Trade of, boolean bySeller, ByteVector32 digest, MilliWattHours energy, Amount amount)
      implements SettlementEvent {}

  record Agreed(Trade of, ByteVector32 digest) implements SettlementEvent {}

  /**
   * The multi-signature was verified on the chain.
   *
   * @param signers hash of the set of those who signed
   */
  record Attested(Trade of, ByteVector32 signers) implements SettlementEvent {}
}
