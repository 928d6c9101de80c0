package chargepile.agent.channel.tx;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who has what in a commitment, from the viewpoint of its owner ("local").
 *
 * @param toLocal the owner's balance in millisatoshi, before fees
 * @param toRemote the other side's balance in millisatoshi, before fees
 */
public record CommitmentSpec(Feerate feerate, Amount toLocal, Amount toRemote, List<Htlc> htlcs) {
  public CommitmentSpec {
    htlcs = List.copyOf(htlcs);
  }

  /** The HTLCs that get an output: those of at least the dust limit (BOLT 3, zero-fee HTLCs). */
  public Stream<Htlc> untrimmed(Satoshi dustLimit) {
    return htlcs.stream().filter(htlc -> Satoshi.floor(htlc.amount()).compareTo(dustLimit) >= 0);
  }
}
