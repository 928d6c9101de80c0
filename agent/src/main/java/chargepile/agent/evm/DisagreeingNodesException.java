package chargepile.agent.evm;

/** Two nodes say different things of one block: nothing counts as done until they agree. */
public final class DisagreeingNodesException extends EvmException {
  private static final long serialVersionUID = 1;

  DisagreeingNodesException(String message) {
    super(message);
  }
}
