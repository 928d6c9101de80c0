package chargepile.agent.channel;

import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.util.Set;

/**
 * The outputs whose spending and the transactions whose confirmation a channel wants to know of.
 */
public record Watches(Set<OutPoint> outputs, Set<TxId> transactions) {
  public static final Watches NONE = new Watches(Set.of(), Set.of());

  public Watches {
    outputs = Set.copyOf(outputs);
    transactions = Set.copyOf(transactions);
  }
}
