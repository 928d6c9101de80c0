package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherChannelReady;
import java.util.Optional;

/**
 * What is in a usable channel: deposits by either side (P2-16), and a chain that may lose sight of
 * them. What counts is final, and seen by both.
 */
final class DepositSteps {
  private final EndingSteps ending;

  DepositSteps(EndingSteps ending) {
    this.ending = ending;
  }

  void raise(Step step, Normal stage, Amount total) {
    VoucherBook book = stage.book();
    Party own = book.setup().own();
    if (stage.closing().isPresent()) {
      step.refuse("the channel is closing");
    } else if (total.compareTo(book.deposits().of(own)) <= 0) {
      step.refuse(
          "the own deposit of %,d units is no less than %,d"
              .formatted(book.deposits().of(own).value(), total.value()));
    } else if (total.value() > Long.MAX_VALUE - book.deposits().of(own.other()).value()) {
      step.refuse("deposits of more than 2^63-1 units");
    } else {
      step.to(stage.with(book.wanting(Optional.of(total))))
          .store("deposit wanted")
          .errand(new VoucherAction.RaiseDeposit(book.setup(), total));
    }
  }

  void failed(Step step, Normal stage, String reason) {
    step.to(stage.with(stage.book().wanting(Optional.empty())))
        .store("deposit failed")
        .alert("the deposit of channel %s was not raised: %s".formatted(stage.book().id(), reason));
  }

  /** What the peer sees of the deposits. */
  void heard(Step step, Normal stage, VoucherChannelReady ready) {
    Deposits told = OpeningSteps.deposits(ready);
    if (!told.equals(stage.book().confirmed())) {
      step.to(stage.with(stage.book().confirming(told)))
          .store("deposits confirmed")
          .tell(new VoucherNotice.Deposited(told.least(stage.book().deposits())));
    }
  }

  /** What the chain says of a channel in use. */
  void look(Step step, Normal stage, ChainView view) {
    VoucherBook before = stage.book();
    Deposits seen = seen(before, view);
    Party own = before.setup().own();
    Optional<Amount> wanted =
        before.depositWanted().filter(total -> seen.of(own).compareTo(total) < 0);
    VoucherBook book = before.at(view.time(), seen).wanting(wanted);
    Normal next = stage.with(book);
    step.to(next);
    if (!seen.equals(before.deposits())) {
      step.store("deposits seen").send(OpeningSteps.ready(book));
      tell(step, before, book);
    }
    if (view.latest() instanceof OnLedger.Open open) {
      wanted
          .filter(total -> open.deposits().of(own).compareTo(total) < 0)
          .ifPresent(total -> step.errand(new VoucherAction.RaiseDeposit(book.setup(), total)));
    }
    ending.look(step, next);
  }

  /**
   * A node that lags may hold an older block for the last final one, or none: what was final stays
   * so as long as the latest block shows it too.
   */
  private static Deposits seen(VoucherBook book, ChainView view) {
    Deposits seen = Findings.deposits(view.finalised()).orElse(Deposits.NONE);
    return view.latest() instanceof OnLedger.Open open && open.deposits().cover(book.deposits())
        ? seen.orMore(book.deposits())
        : seen;
  }

  private static void tell(Step step, VoucherBook before, VoucherBook now) {
    if (now.isSuspended()) {
      step.tell(new VoucherNotice.Suspended("the chain does not hold the channel any more"));
    } else if (before.isSuspended()) {
      step.tell(new VoucherNotice.Usable());
    } else {
      step.tell(new VoucherNotice.Deposited(now.deposits().least(now.confirmed())));
    }
  }
}
