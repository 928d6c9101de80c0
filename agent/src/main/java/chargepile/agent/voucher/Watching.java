package chargepile.agent.voucher;

import java.util.Optional;

/** What a channel watches follows from its stage alone. */
public final class Watching {
  private Watching() {}

  /** The channel that a stage wants to know the chain's word of; also after a restart. */
  public static Optional<VoucherSetup> of(VoucherStage stage) {
    return stage instanceof VoucherStage.Established established
        ? Optional.of(established.book().setup())
        : Optional.empty();
  }

  /** What asks for that. */
  public static VoucherAction.Watch errand(VoucherStage stage) {
    Optional<VoucherSetup> channel = of(stage);
    return new VoucherAction.Watch(channel, channel.isPresent() && stage.isHearsay());
  }
}
