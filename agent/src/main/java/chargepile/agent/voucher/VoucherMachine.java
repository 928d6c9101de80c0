package chargepile.agent.voucher;

/**
 * The voucher channel between a pile and a driver: every event in every stage has an answer, and
 * the answer is all that happens. Stateless itself; thread-safe.
 */
public final class VoucherMachine {
  private final VoucherContext context;

  public VoucherMachine(VoucherContext context) {
    this.context = context;
  }

  /** The answer to {@code event} in {@code state}. */
  public VoucherTransition on(VoucherChannel state, VoucherEvent event) {
    return new VoucherTransition(state, java.util.List.of());
  }
}
