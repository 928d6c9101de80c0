package chargepile.agent.session.driver;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.ChannelLogic;
import chargepile.agent.session.notary.NotaryContext;
import java.util.function.LongFunction;

/**
 * What a driver's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 * @param verifier checks what meters signed
 * @param awaited the payments that are not given back at once
 * @param notary who the driver is to the pile
 */
public record DriverContext(
    DriverPolicy policy,
    LongFunction<ChannelLogic> channels,
    Signer verifier,
    AwaitedPayments awaited,
    NotaryContext notary) {

  /** One that asks the pile for no certificate. */
  public DriverContext(
      DriverPolicy policy,
      LongFunction<ChannelLogic> channels,
      Signer verifier,
      AwaitedPayments awaited) {
    this(policy, channels, verifier, awaited, NotaryContext.OFF);
  }

  /** One that verifies in pure Java, with no payment awaited. */
  public DriverContext(DriverPolicy policy, LongFunction<ChannelLogic> channels) {
    this(policy, channels, new BouncyCastleSigner(), AwaitedPayments.NONE);
  }
}
