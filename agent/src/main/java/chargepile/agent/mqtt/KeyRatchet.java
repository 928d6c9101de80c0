package chargepile.agent.mqtt;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one direction. Like BOLT 8 a key serves 1000 encryptions and its successor follows
 * from it; unlike there the counter says which key it is, so that a receiver can derive it forward
 * past anything that was lost.
 *
 * <p>Encryption number {@code n} uses key {@code n / 1000} with nonce {@code n % 1000}. The key
 * before the present one is kept for what was overtaken; older ones are gone. Not thread-safe.
 */
final class KeyRatchet {
  static final int MESSAGES_PER_KEY = 1000;

  private Epoch current;
  private @Nullable Epoch previous;

  KeyRatchet(byte[] key, byte[] chainingKey) {
    this.current = new Epoch(0, key, chainingKey);
  }

  /** Encrypts; {@code counter} must never be used twice and must not fall back by an epoch. */
  byte[] seal(long counter, byte[] associated, byte[] plain) {
    Epoch epoch = epoch(counter);
    if (epoch == null) {
      throw new IllegalStateException("the key of message " + counter + " is gone");
    }
    advanceTo(epoch);
    return Aead.seal(epoch.key(), counter % MESSAGES_PER_KEY, associated, plain);
  }

  /**
   * Decrypts, or nothing when it is forged or its key is gone. A later key is kept only once
   * something authenticates under it. The work grows with the distance of {@code counter} from the
   * last one, so the caller bounds that.
   */
  Optional<byte[]> open(long counter, byte[] associated, byte[] in, int offset, int length) {
    Epoch epoch = epoch(counter);
    if (epoch == null) {
      return Optional.empty();
    }
    Optional<byte[]> plain =
        Aead.open(epoch.key(), counter % MESSAGES_PER_KEY, associated, in, offset, length);
    if (plain.isPresent()) {
      advanceTo(epoch);
    }
    return plain;
  }

  private @Nullable Epoch epoch(long counter) {
    long number = counter / MESSAGES_PER_KEY;
    if (number < current.number()) {
      return previous != null && previous.number() == number ? previous : null;
    }
    Epoch epoch = current;
    while (epoch.number() < number) {
      epoch = epoch.next();
    }
    return epoch;
  }

  private void advanceTo(Epoch epoch) {
    if (epoch.number() > current.number()) {
      Epoch before = current;
      while (before.number() < epoch.number() - 1) {
        before = before.next();
      }
      previous = before;
      current = epoch;
    }
  }

  private record Epoch(long number, byte[] key, byte[] chainingKey) {
    /** BOLT 8, "Lightning Message Key Rotation". */
    Epoch next() {
      byte[][] keys = Aead.hkdf(chainingKey, key);
      return new Epoch(number + 1, keys[1], keys[0]);
    }
  }
}
