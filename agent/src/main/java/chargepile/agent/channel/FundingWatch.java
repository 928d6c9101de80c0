package chargepile.agent.channel;

import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.Transaction;
import java.util.Optional;

/**
 * What a channel keeps of its funding transaction besides the output.
 *
 * @param transaction the funder's own, to be published again whenever the network loses it
 * @param missingSince the height at which it was first noticed to be in no block; empty while it is
 *     deep enough, or nobody looked
 */
public record FundingWatch(Optional<Transaction> transaction, Optional<BlockHeight> missingSince) {
  public static final FundingWatch NONE = new FundingWatch(Optional.empty(), Optional.empty());

  static FundingWatch of(Transaction own) {
    return new FundingWatch(Optional.of(own), Optional.empty());
  }

  FundingWatch missing(BlockHeight since) {
    return new FundingWatch(transaction, Optional.of(since));
  }

  FundingWatch found() {
    return new FundingWatch(transaction, Optional.empty());
  }
}
