package chargepile.agent.voucher;

/**
 * The peer says what it may say only if its lock is over, of which the chain has the last word: the
 * time is up, but the preimage may have been made public before. Nothing of its message counts, and
 * the channel goes on.
 */
final class UndecidedLockException extends ProtocolException {
  private static final long serialVersionUID = 1;

  UndecidedLockException(Lock lock, ProtocolException fault) {
    super(
        "lock %d has expired, and whether it was opened in time is not final yet: %s"
            .formatted(lock.id(), fault.reason()));
    initCause(fault);
  }
}
