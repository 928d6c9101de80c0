package chargepile.agent.chain.esplora;

import chargepile.agent.chain.ChainException;

/** The chain changed between two questions: asking again gives one answer of a piece. */
final class MovedException extends ChainException {
  private static final long serialVersionUID = 1;

  MovedException(String what) {
    super(what + ": asking again later");
  }
}
