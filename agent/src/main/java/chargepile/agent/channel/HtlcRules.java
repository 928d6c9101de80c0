package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What both sides demand of a new HTLC (BOLT 2, "Adding an HTLC"), and until when HTLCs may stay.
 *
 * <p>The rules look at the next commitment of the side that takes the HTLC. Messages keep their
 * order, so the one who offers sees that commitment just as the one who takes does: an honest peer
 * never breaks a rule by accident.
 */
final class HtlcRules {
  /** From here on a lock time means seconds (BOLT 2). */
  private static final long BLOCKS = 500_000_000;

  /**
   * The most that may be in HTLCs too small for an output, of both sides in one commitment: if it
   * is published, they go to the miners (BOLT 2, {@code max_dust_htlc_exposure_msat}).
   */
  static final Amount MAXIMUM_DUST = new Amount(10_000_000);

  /** A fee spike to this multiple of the feerate must not lock the channel (BOLT 2). */
  private static final int FEE_SPIKE = 2;

  /**
   * Blocks after the expiry of an own HTLC at which it is taken back on the chain. The peer is free
   * to show the preimage up to the expiry, and its message may cross a block (BOLT 2, {@code
   * cltv_expiry_delta} selection: G).
   */
  static final int GRACE = 2;

  /**
   * Blocks before the expiry of a peer's HTLC at which its preimage goes to the chain: time to
   * confirm the commitment and the HTLC transaction before the peer's timeout may (BOLT 2, {@code
   * cltv_expiry_delta} selection: 2R+G+S).
   */
  static final int FULFILL_MARGIN = 18;

  private HtlcRules() {}

  /**
   * Checks an HTLC by the rules of both sides.
   *
   * @param now with {@code add} proposed
   * @throws ProtocolException with the first rule that it breaks
   */
  static void check(Commitments now, UpdateAddHtlc add, boolean offererIsLocal) {
    ChannelSetup setup = now.setup();
    ChannelSetup.Party taker = offererIsLocal ? setup.remote() : setup.local();
    ChannelSetup.HtlcLimits limits = taker.htlcs();
    require(add.amount().value() > 0, "amount_msat is zero");
    require(
        add.amount().compareTo(limits.minimum()) >= 0,
        "amount_msat %,d is below htlc_minimum_msat %,d"
            .formatted(add.amount().value(), limits.minimum().value()));
    require(
        add.cltvExpiry() > 0 && add.cltvExpiry() < BLOCKS,
        "cltv_expiry %d is no block height".formatted(add.cltvExpiry()));
    try {
      checkTaker(setup, next(now, offererIsLocal), offererIsLocal, limits);
    } catch (InsufficientBalanceException e) {
      throw new ProtocolException("the balance does not suffice: " + e.reason());
    }
    requireLittleDust(next(now, offererIsLocal).spec(), taker.dustLimit());
  }

  /**
   * Checks what the own side also asks of its own HTLCs. As the funder it keeps a fee spike buffer:
   * with the feerate doubled and one more HTLC its balance must still pay the fee, or it could get
   * stuck in a commitment that none can add to.
   *
   * @throws ProtocolException with the first rule that the HTLC breaks
   */
  static void checkOwn(Commitments now, UpdateAddHtlc add) {
    require(
        add.onionRoutingPacket().size() == UpdateAddHtlc.ONION_BYTES,
        "an onion has %d bytes".formatted(UpdateAddHtlc.ONION_BYTES));
    check(now, add, true);
    ChannelSetup setup = now.setup();
    try {
      Allocation eventual = now.eventualAllocation();
      Affordability.check(setup, eventual, true, true);
      requireLittleDust(eventual.spec(), setup.local().dustLimit());
    } catch (InsufficientBalanceException e) {
      throw new ProtocolException("the balance is claimed already: " + e.reason());
    }
    if (setup.funder()) {
      CommitmentSpec next = now.nextRemoteAllocation().spec();
      Feerate spike = new Feerate(next.feerate().satoshiPerKw() * FEE_SPIKE);
      Satoshi kept =
          CommitmentTransaction.funderCost(
                  new CommitmentSpec(spike, next.toLocal(), next.toRemote(), next.htlcs()),
                  setup.remote().dustLimit())
              .plus(spike.fee(CommitmentTransaction.HTLC_WEIGHT))
              .plus(setup.local().reserve());
      require(
          next.toRemote().compareTo(kept.toAmount()) >= 0,
          "the balance left could not pay a fee twice as high");
    }
  }

  /** Why this channel has to go to the chain at {@code tip}, if an HTLC's time is up. */
  static Optional<String> deadline(Commitments now, BlockHeight tip) {
    return Stream.concat(expired(now, tip), unpaid(now, tip)).findFirst();
  }

  private static Stream<String> expired(Commitments now, BlockHeight tip) {
    return now.htlcs()
        .filter(htlc -> htlc.side() == HtlcSide.OFFERED)
        .filter(htlc -> tip.value() >= htlc.cltvExpiry() + GRACE)
        .map(
            htlc ->
                "HTLC %d expired at block %d and was not given back"
                    .formatted(htlc.id(), htlc.cltvExpiry()));
  }

  /** Too small ones are left out: the chain has no output for them. */
  private static Stream<String> unpaid(Commitments now, BlockHeight tip) {
    Satoshi dustLimit = now.setup().local().dustLimit();
    return now.local()
        .allocation()
        .spec()
        .untrimmed(dustLimit)
        .filter(htlc -> htlc.side() == HtlcSide.RECEIVED)
        .filter(htlc -> tip.value() >= htlc.cltvExpiry() - FULFILL_MARGIN)
        .filter(htlc -> now.payments().fulfilled().contains(htlc.id()))
        .map(
            htlc ->
                "HTLC %d expires at block %d and its preimage was not acknowledged"
                    .formatted(htlc.id(), htlc.cltvExpiry()));
  }

  private static Allocation next(Commitments now, boolean offererIsLocal) {
    return offererIsLocal ? now.nextRemoteAllocation() : now.nextLocalAllocation();
  }

  private static void checkTaker(
      ChannelSetup setup, Allocation next, boolean offererIsLocal, ChannelSetup.HtlcLimits limits) {
    List<Htlc> taken =
        next.spec().htlcs().stream().filter(htlc -> htlc.side() == HtlcSide.RECEIVED).toList();
    require(
        taken.size() <= limits.maximumCount(),
        "more than max_accepted_htlcs %d".formatted(limits.maximumCount()));
    require(
        sum(taken.stream()).compareTo(limits.maximumInFlight()) <= 0,
        "more than max_htlc_value_in_flight_msat %,d".formatted(limits.maximumInFlight().value()));
    Affordability.check(setup, next, !offererIsLocal, offererIsLocal);
    if (setup.funder() != offererIsLocal) {
      Affordability.check(setup, next, !offererIsLocal, !offererIsLocal);
    }
  }

  private static void requireLittleDust(CommitmentSpec spec, Satoshi dustLimit) {
    Amount dust =
        sum(
            spec.htlcs().stream()
                .filter(htlc -> Satoshi.floor(htlc.amount()).compareTo(dustLimit) < 0));
    require(
        dust.compareTo(MAXIMUM_DUST) <= 0,
        "HTLCs below the dust limit are more than %,d msat".formatted(MAXIMUM_DUST.value()));
  }

  private static Amount sum(Stream<Htlc> htlcs) {
    return htlcs.map(Htlc::amount).reduce(Amount.ZERO, Amount::plus);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ProtocolException(otherwise);
    }
  }
}
