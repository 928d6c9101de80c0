package chargepile.agent.voucher;

import java.util.Optional;

/**
 * When a lock's time is enough (P1-32, the registry's policy): one entry of the chain opens the
 * locks of all hops, so that they may expire together, and what counts is only that each hop which
 * learns the preimage can still enter it.
 */
final class LockTerms {
  static final String NO_LOCKS = "this side pays and is paid under no locks";

  private LockTerms() {}

  /** Why a lock with an expiry is neither offered nor taken, if so. */
  static Optional<String> objection(VoucherSettings settings, VoucherBook book, long expiry) {
    long left = expiry - book.time();
    if (settings.maxLock().isZero()) {
      return Optional.of(NO_LOCKS);
    }
    if (book.time() == 0 || left > settings.maxLock().toSeconds()) {
      return Optional.of(
          "a lock of %,d s is longer than %s: the contract would not wait for it"
              .formatted(left, settings.maxLock()));
    }
    return left <= 2 * settings.closingTime().toSeconds()
        ? Optional.of(
            "a lock of %,d s is shorter than twice %s, in which a transaction gets into the chain"
                .formatted(left, settings.closingTime()))
        : Optional.empty();
  }

  /** Whether who hears a preimage now can still make it public in time. */
  static boolean isEarly(VoucherSettings settings, long time, Lock lock) {
    return lock.expiry() - time > settings.closingTime().toSeconds();
  }

  /** Whether a preimage that the peer has not answered is to be made public: before it is late. */
  static boolean isUrgent(VoucherSettings settings, long time, Lock lock) {
    return time < lock.expiry() && lock.expiry() - time <= 2 * settings.closingTime().toSeconds();
  }
}
