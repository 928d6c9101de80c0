package chargepile.agent.chain;

/** The network's rules refuse a transaction; asking again unchanged is of no use. */
public final class RejectedException extends ChainException {
  private static final long serialVersionUID = 1;

  /**
   * @param reason the node's word for it, for example {@code min relay fee not met}
   */
  public RejectedException(String reason) {
    super(reason);
  }
}
