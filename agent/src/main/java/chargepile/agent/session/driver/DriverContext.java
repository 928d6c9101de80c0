package chargepile.agent.session.driver;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.session.ChannelLogic;
import java.util.function.LongFunction;

/**
 * What a driver's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 * @param verifier checks what meters signed
 */
public record DriverContext(
    DriverPolicy policy, LongFunction<ChannelLogic> channels, Signer verifier) {
  /** One that verifies in pure Java. */
  public DriverContext(DriverPolicy policy, LongFunction<ChannelLogic> channels) {
    this(policy, channels, new BouncyCastleSigner());
  }
}
