package chargepile.agent.cli.demo;

import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import java.util.Optional;

/** All that a cheater needs: the first voucher that it signed, which is for little. */
final class OldVoucher {
  private volatile Optional<SignedVoucher> kept = Optional.empty();

  /** To be told of every transition of the driver's. */
  void on(DriverTransition transition) {
    PaymentLeg leg = transition.next().channel().leg();
    if (kept.isEmpty() && leg instanceof VoucherLeg voucher) {
      kept = voucher.channel().book().flatMap(VoucherBook::sent);
    }
  }

  Optional<SignedVoucher> voucher() {
    return kept;
  }
}
