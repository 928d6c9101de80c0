package chargepile.agent.voucher;

import java.util.List;

/** The answer to an event: the next state and what to do, in order. */
public record VoucherTransition(VoucherChannel next, List<VoucherAction> actions) {
  public VoucherTransition {
    actions = List.copyOf(actions);
  }
}
