package chargepile.agent.session.pile;

import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.ChannelLogic;
import chargepile.agent.session.notary.NotaryContext;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What a pile's machine is given from outside.
 *
 * @param channels the channel machine for the keys with an index; always the same for an index
 * @param meter empty when nothing of the meter's is to be signed
 * @param awaited the payments that are not given back at once
 * @param notary who the pile is to its drivers
 */
public record PileContext(
    PileSettings settings,
    LongFunction<ChannelLogic> channels,
    Optional<SealedMeter> meter,
    AwaitedPayments awaited,
    NotaryContext notary) {

  /** One that asks nobody for a certificate. */
  public PileContext(
      PileSettings settings,
      LongFunction<ChannelLogic> channels,
      Optional<SealedMeter> meter,
      AwaitedPayments awaited) {
    this(settings, channels, meter, awaited, NotaryContext.OFF);
  }

  /** One whose meter signs nothing, with no payment awaited. */
  public PileContext(PileSettings settings, LongFunction<ChannelLogic> channels) {
    this(settings, channels, Optional.empty(), AwaitedPayments.NONE);
  }
}
