package chargepile.agent.runtime;

import chargepile.agent.session.Moment;
import fr.acinq.bitcoin.ByteVector32;
import java.util.random.RandomGenerator;

/**
 * When an event happens, with randomness for it.
 *
 * @param random cryptographically secure
 */
record Moments(Time time, RandomGenerator random) {
  Moment now() {
    byte[] entropy = new byte[32];
    random.nextBytes(entropy);
    return new Moment(time.wall(), time.nanos(), new ByteVector32(entropy), time.wallStatus());
  }
}
