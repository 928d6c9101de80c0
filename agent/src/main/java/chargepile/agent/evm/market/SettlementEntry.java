package chargepile.agent.evm.market;

import chargepile.agent.evm.EvmException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What the log knows of a match between two parties (P1-33).
 *
 * @param energy delivered: of the agreed certificate, else of the first claim
 * @param amount due
 * @param digest struct hash of that certificate; zeros for none
 */
public record SettlementEntry(
    Status status, MilliWattHours energy, Amount amount, ByteVector32 digest) {
  /** In the order of the contract's codes. */
  public enum Status {
    NONE,
    /** One side's word, and the other's time to answer is running. */
    CLAIMED,
    /** That time has passed without an answer; still one side's word. */
    UNOPPOSED,
    /** Each side says something else. */
    CONTESTED,
    /** Both signed the same, and nothing changes it. */
    AGREED;

    static Status of(long code) {
      if (code >= values().length) {
        throw new EvmException("a settlement stands at %d, which is nowhere".formatted(code));
      }
      return values()[(int) code];
    }
  }
}
