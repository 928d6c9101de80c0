package chargepile.agent.session.leg;

import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherTransition;

/** A voucher channel's pure state machine; {@code VoucherMachine::on}. */
@FunctionalInterface
public interface VoucherLogic {
  VoucherTransition on(VoucherChannel state, VoucherEvent event);
}
