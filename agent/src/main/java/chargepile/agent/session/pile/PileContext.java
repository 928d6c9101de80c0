package chargepile.agent.session.pile;

import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.notary.NotaryContext;
import java.util.Optional;

/**
 * What a pile's machine is given from outside.
 *
 * @param legs how it pays and is paid
 * @param meter empty when nothing of the meter's is to be signed
 * @param awaited the payments that are not given back at once
 * @param notary who the pile is to its drivers
 */
public record PileContext(
    PileSettings settings,
    Legs legs,
    Optional<SealedMeter> meter,
    AwaitedPayments awaited,
    NotaryContext notary) {

  /** One that asks nobody for a certificate. */
  public PileContext(
      PileSettings settings, Legs legs, Optional<SealedMeter> meter, AwaitedPayments awaited) {
    this(settings, legs, meter, awaited, NotaryContext.OFF);
  }

  /** One whose meter signs nothing, with no payment awaited. */
  public PileContext(PileSettings settings, Legs legs) {
    this(settings, legs, Optional.empty(), AwaitedPayments.NONE);
  }
}
