package chargepile.agent.evm;

/** A node gives no answer: it is away, overloaded, or too slow. Another one may know. */
public final class UnreachableNodeException extends EvmException {
  private static final long serialVersionUID = 1;

  UnreachableNodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
