package chargepile.agent.channel;

import chargepile.agent.units.Amount;

/** An update asks a side for more than it has in the channel. */
final class InsufficientBalanceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InsufficientBalanceException(Amount has, Amount asked) {
    super("%,d msat are asked for, %,d msat are left".formatted(asked.value(), has.value()));
  }
}
