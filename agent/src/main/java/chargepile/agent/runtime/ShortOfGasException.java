package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;

/** After it the account would have less for gas than its channels need; nothing was begun. */
final class ShortOfGasException extends ChainException {
  private static final long serialVersionUID = 1;

  ShortOfGasException(String message) {
    super(message);
  }
}
