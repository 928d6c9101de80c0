package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import java.util.Optional;

/**
 * What a claim has a side pay to the other: the difference to what was agreed so far. Vouchers only
 * grow, so a claim that gives back what was paid ahead is paid by the other side.
 *
 * @param amount 0 when the claim moves no money
 */
record Payment(Party payer, Amount amount) {
  static Payment of(VoucherBook book, EnergyClaim claim) {
    Amount before = book.totals(claim.session()).total(claim.direction()).amount();
    Party payer = book.setup().payer(claim.direction());
    return claim.amount().compareTo(before) >= 0
        ? new Payment(payer, claim.amount().minus(before))
        : new Payment(payer.other(), before.minus(claim.amount()));
  }

  /** What {@code party} pays. */
  Amount by(Party party) {
    return party == payer ? amount : Amount.ZERO;
  }

  /** Why it can't be asked for, if so. */
  Optional<String> objection(VoucherBook book) {
    return objection(book, book.spendable(payer));
  }

  /** Why it can't be paid, if so: whether both see what it is paid of is for who asks to know. */
  Optional<String> objectionToPaying(VoucherBook book) {
    return objection(book, book.backed(payer));
  }

  private Optional<String> objection(VoucherBook book, Amount spendable) {
    if (amount.compareTo(spendable) > 0) {
      return Optional.of(
          "the payer's balance does not suffice: %,d units are there, %,d are needed"
              .formatted(spendable.value(), amount.value()));
    }
    long paid = book.paidBy(payer).value();
    long reserved = book.of(payer).reserved().value();
    return amount.value() > Long.MAX_VALUE - paid
            || reserved > Long.MAX_VALUE - paid - amount.value()
        ? Optional.of("the channel's vouchers have reached their largest amount")
        : Optional.empty();
  }
}
