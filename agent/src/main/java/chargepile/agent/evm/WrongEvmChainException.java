package chargepile.agent.evm;

/** A node serves another chain than the configured one: it is never asked again. */
public final class WrongEvmChainException extends EvmException {
  private static final long serialVersionUID = 1;

  WrongEvmChainException(String message) {
    super(message);
  }
}
