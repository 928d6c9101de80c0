package chargepile.agent.channel;

import chargepile.agent.units.Amount;
import java.util.Objects;

/** An update asks a side for more than it has in the channel. */
final class InsufficientBalanceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InsufficientBalanceException(Amount has, Amount asked) {
    super(
        "%,d msat would be left or are there, %,d msat are needed"
            .formatted(has.value(), asked.value()));
  }

  /** The message, which is never absent here. */
  String reason() {
    return Objects.requireNonNull(getMessage());
  }
}
