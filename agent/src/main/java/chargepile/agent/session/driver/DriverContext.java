package chargepile.agent.session.driver;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.notary.NotaryContext;

/**
 * What a driver's machine is given from outside.
 *
 * @param legs how it pays and is paid
 * @param verifier checks what meters signed
 * @param awaited the payments that are not given back at once
 * @param notary who the driver is to the pile
 */
public record DriverContext(
    DriverPolicy policy,
    Legs legs,
    Signer verifier,
    AwaitedPayments awaited,
    NotaryContext notary) {

  /** One that asks the pile for no certificate. */
  public DriverContext(DriverPolicy policy, Legs legs, Signer verifier, AwaitedPayments awaited) {
    this(policy, legs, verifier, awaited, NotaryContext.OFF);
  }

  /** One that verifies in pure Java, with no payment awaited. */
  public DriverContext(DriverPolicy policy, Legs legs) {
    this(policy, legs, new BouncyCastleSigner(), AwaitedPayments.NONE);
  }
}
