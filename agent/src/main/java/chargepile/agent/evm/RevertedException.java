package chargepile.agent.evm;

/** A contract would refuse the transaction: it was not sent, and no nonce was used. */
public final class RevertedException extends EvmException {
  private static final long serialVersionUID = 1;

  private final String reason;

  RevertedException(String message, String reason, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** The contract's words, for example {@code ChannelClosed(0x12…)}. */
  public String reason() {
    return reason;
  }
}
