package chargepile.agent.sim;

import chargepile.agent.channel.Changes;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** All payments by HTLC of a run, as far as what the parties stored tells of them. */
final class PaymentBook {
  private final Map<ByteVector32, Payment> payments = new LinkedHashMap<>();

  Payment next(Who from, Satoshi amount, long expiry, Payment.Fate fate) {
    Payment payment = new Payment(payments.size(), from, amount, expiry, fate);
    payments.put(payment.hash, payment);
    return payment;
  }

  Optional<Payment> of(ByteVector32 hash) {
    return Optional.ofNullable(payments.get(hash));
  }

  Collection<Payment> all() {
    return payments.values();
  }

  /** A party has stored this when the chain had this height. */
  void stored(Who who, Commitments now, long height) {
    if (payments.isEmpty()) {
      return;
    }
    now.offeredHtlcs().forEach(htlc -> of(htlc.paymentHash()).ifPresent(p -> p.offered = true));
    now.receivedHtlcs().forEach(htlc -> of(htlc.paymentHash()).ifPresent(p -> p.taken = true));
    now.preimages().stream()
        .flatMap(preimage -> payments.values().stream().filter(p -> p.preimage.equals(preimage)))
        .filter(payment -> payment.from != who && payment.fulfilledAt.isEmpty())
        .forEach(payment -> payment.fulfilledAt = OptionalLong.of(height));
    failures(now.localChanges()).forEach(id -> failed(now, id));
  }

  private static List<Long> failures(Changes own) {
    return Stream.of(own.proposed(), own.signed(), own.acked())
        .flatMap(List::stream)
        .filter(UpdateFailHtlc.class::isInstance)
        .map(update -> ((UpdateFailHtlc) update).id())
        .toList();
  }

  private void failed(Commitments now, long id) {
    now.payments().waiting().stream()
        .filter(htlc -> htlc.id() == id)
        .flatMap(htlc -> of(htlc.paymentHash()).stream())
        .forEach(payment -> payment.failed = true);
  }
}
