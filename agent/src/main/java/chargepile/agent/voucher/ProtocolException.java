package chargepile.agent.voucher;

import java.util.Objects;

/** The peer broke a rule after which the channel can't go on; its text is told to the peer. */
sealed class ProtocolException extends RuntimeException permits UndecidedLockException {
  private static final long serialVersionUID = 1;

  ProtocolException(String message) {
    super(message);
  }

  /** The message, which is never absent here. */
  final String reason() {
    return Objects.requireNonNull(getMessage());
  }
}
