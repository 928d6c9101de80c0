package chargepile.agent.mqtt;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.PrivateKey;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What links stand on, all of it injected.
 *
 * @param bus carries the frames; shared with others
 * @param executor runs everything of the links, one task at a time and in order: the mailbox of the
 *     channels' owner, or {@code Runnable::run} where the bus and the timers share one thread
 * @param scheduler timers, on any thread
 * @param random cryptographically secure outside of tests
 * @param nodeKey this side's identity, never one that holds money
 */
public record LinkEnvironment(
    Bus bus,
    Executor executor,
    Scheduler scheduler,
    RandomGenerator random,
    Signer signer,
    PrivateKey nodeKey,
    LinkSettings settings) {
  private static final BigInteger GROUP_ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  /** A fresh ephemeral key for one handshake. */
  PrivateKey drawKey() {
    byte[] key = new byte[32];
    BigInteger scalar;
    do {
      random.nextBytes(key);
      scalar = new BigInteger(1, key);
    } while (scalar.signum() == 0 || scalar.compareTo(GROUP_ORDER) >= 0);
    return new PrivateKey(key);
  }

  /** A fresh id for a link: 16 bytes in hex. */
  String drawSession() {
    byte[] session = new byte[16];
    random.nextBytes(session);
    return HexFormat.of().formatHex(session);
  }
}
