package chargepile.agent.market.desk;

import chargepile.agent.market.order.Metering;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;

/**
 * What the other party of an order has signed, and was found good.
 *
 * @param receipt the seller's, of the most that a channel paid
 * @param metering the other party's word of the delivery
 */
public record Testimony(Optional<Receipt> receipt, Optional<Signed> metering) {
  public static final Testimony NONE = new Testimony(Optional.empty(), Optional.empty());

  public record Receipt(Amount paid, ByteVector signature) {}

  public record Signed(Metering metering, ByteVector signature) {}
}
