package chargepile.agent.voucher;

import java.util.Objects;

/** The peer broke a rule after which the channel can't go on; its text is told to the peer. */
final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ProtocolException(String message) {
    super(message);
  }

  /** The message, which is never absent here. */
  String reason() {
    return Objects.requireNonNull(getMessage());
  }
}
