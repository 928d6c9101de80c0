package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What an intermediate node does next with a payment that goes through it: in by one voucher
 * channel and out by another under the same hash (P2-17, P1-31). It follows from the two books
 * alone, so it is the same after a restart, and asked again does no more.
 *
 * <p>The node pays on only under a lock of its own, takes what it was offered as soon as it knows
 * the preimage, from its peer or from the chain, and gives it back only once its own lock can't be
 * paid any more, or was never offered. A payee that gives a lock back could still take it, so that
 * alone is not passed on.
 *
 * <p>It is to be asked before the outgoing channel is used for another payment, and with every
 * notice of either channel.
 *
 * @param settings of the node's channels
 * @param policy when the own lock expires
 * @param fee what stays with the node
 */
public record Forwarding(VoucherSettings settings, LockPolicy policy, Amount fee) {
  private static final ByteVector NOT_FORWARDED = reason("not forwarded");
  private static final ByteVector NOT_TAKEN = reason("not taken further on");

  private static ByteVector reason(String text) {
    return new ByteVector(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A command for either channel. */
  public sealed interface Move {
    /** For the channel that the payment comes in by. */
    record Back(VoucherEvent.HtlcCommand command) implements Move {}

    /** For the channel that it goes out by. */
    record On(VoucherEvent.HtlcCommand command) implements Move {}
  }

  /**
   * The next move, if there is one.
   *
   * @param in the channel in which the peer has offered a lock
   * @param out the channel towards the payee
   * @param isUsable whether a lock can be offered in it now
   */
  public Optional<Move> next(VoucherBook in, VoucherBook out, boolean isUsable) {
    Lock taken = in.taken().orElse(null);
    if (taken == null || taken.preimage().isPresent() || taken.failure().isPresent()) {
      return Optional.empty();
    }
    Lock own = out.own().lock().filter(lock -> isFor(lock, taken)).orElse(null);
    if (own == null) {
      return isUsable && canPay(taken, out)
          ? Optional.of(
              new Move.On(
                  new VoucherEvent.AddHtlc(
                      taken.amount().minus(fee),
                      taken.hashlock(),
                      policy.next(taken.expiry()),
                      taken.onion())))
          : Optional.of(new Move.Back(new VoucherEvent.FailHtlc(taken.id(), NOT_FORWARDED)));
    }
    if (own.preimage().isPresent()) {
      return Optional.of(
          new Move.Back(new VoucherEvent.FulfillHtlc(taken.id(), own.preimage().get())));
    }
    return own.isOver()
        ? Optional.of(new Move.Back(new VoucherEvent.FailHtlc(taken.id(), NOT_TAKEN)))
        : Optional.empty();
  }

  /** A lock of before that lapsed under the same hash is not this payment's. */
  private boolean isFor(Lock own, Lock taken) {
    return own.hashlock().equals(taken.hashlock()) && own.expiry() == policy.next(taken.expiry());
  }

  private boolean canPay(Lock taken, VoucherBook out) {
    return taken.amount().compareTo(fee) > 0
        && out.offered().isEmpty()
        && LockTerms.objection(settings, out, policy.next(taken.expiry())).isEmpty()
        && taken.amount().minus(fee).compareTo(out.spendable(out.setup().own())) <= 0;
  }
}
