package chargepile.agent.channel;

import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.wire.AcceptChannel;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;

/** What BOLT 2 and the own settings demand of {@code open_channel} and {@code accept_channel}. */
final class OpeningRules {
  /** BOLT 2: no smaller dust limit, so that every standard output type can be relayed. */
  private static final Satoshi MINIMUM_DUST_LIMIT = new Satoshi(354);

  /**
   * Below its dust limit an output goes to the miners: a peer that could choose a large one could
   * burn this side's balance by publishing its own commitment.
   */
  private static final Satoshi MAXIMUM_DUST_LIMIT = new Satoshi(1_000);

  /** BOLT 3: more HTLCs would make a commitment transaction too large to relay. */
  private static final int MAXIMUM_HTLCS = 483;

  /** {@code option_static_remotekey} and {@code option_anchors}, both compulsory (BOLT 9). */
  static final ByteVector CHANNEL_TYPE = new ByteVector("401000");

  private final ChannelSettings settings;
  private final Signer signer;

  OpeningRules(ChannelSettings settings, Signer signer) {
    this.settings = settings;
    this.signer = signer;
  }

  /** Throws {@link ProtocolException} with the first rule that the peer's offer breaks. */
  void check(OpenChannel open) {
    require(
        open.chainHash().equals(settings.chainHash()),
        "chain_hash names another network than this side's");
    var bounds = settings.capacity();
    require(
        bounds.admits(open.fundingSatoshis()),
        "funding_satoshis %,d is outside %,d to %,d"
            .formatted(
                open.fundingSatoshis().value(),
                bounds.minimum().value(),
                bounds.maximum().value()));
    require(
        open.pushMsat().compareTo(open.fundingSatoshis().toAmount()) <= 0,
        "push_msat is more than funding_satoshis");
    require(
        settings.feerate().admits(open.feerate()),
        "feerate_per_kw %d is outside %d to %d"
            .formatted(
                open.feerate().satoshiPerKw(),
                settings.feerate().minimum().satoshiPerKw(),
                settings.feerate().maximum().satoshiPerKw()));
    checkNumbers(
        open.dustLimit(), open.channelReserve(), open.toSelfDelay(), open.maxAcceptedHtlcs());
    require(
        open.channelReserve().compareTo(open.fundingSatoshis()) < 0,
        "channel_reserve_satoshis leaves nothing to pay with");
    require(
        open.channelReserve().compareTo(settings.dustLimit()) >= 0,
        "channel_reserve_satoshis is below this side's dust limit");
    require(
        open.channelType().equals(CHANNEL_TYPE),
        "channel_type is not static_remotekey with anchors");
    checkBalances(
        open.fundingSatoshis(),
        open.pushMsat(),
        open.feerate(),
        open.dustLimit(),
        open.channelReserve());
    checkKeys(basepoints(open), open.firstPerCommitmentPoint());
  }

  /** Throws {@link ProtocolException} with the first rule that the peer's answer breaks. */
  void check(AcceptChannel accept, OpenChannel open) {
    checkNumbers(
        accept.dustLimit(),
        accept.channelReserve(),
        accept.toSelfDelay(),
        accept.maxAcceptedHtlcs());
    require(
        accept.minimumDepth() <= settings.finalDepth(),
        "minimum_depth %d is more than %d".formatted(accept.minimumDepth(), settings.finalDepth()));
    require(
        accept.channelReserve().compareTo(open.dustLimit()) >= 0,
        "channel_reserve_satoshis is below the dust limit of open_channel");
    require(
        open.channelReserve().compareTo(accept.dustLimit()) >= 0,
        "dust_limit_satoshis is above the reserve of open_channel");
    require(
        accept.channelReserve().compareTo(open.fundingSatoshis()) < 0,
        "channel_reserve_satoshis leaves nothing to pay with");
    require(accept.channelType().equals(CHANNEL_TYPE), "channel_type is not the one offered");
    checkKeys(basepoints(accept), accept.firstPerCommitmentPoint());
  }

  private void checkNumbers(Satoshi dustLimit, Satoshi reserve, int toSelfDelay, int maxHtlcs) {
    require(
        dustLimit.compareTo(MINIMUM_DUST_LIMIT) >= 0,
        "dust_limit_satoshis %d is below %d"
            .formatted(dustLimit.value(), MINIMUM_DUST_LIMIT.value()));
    require(
        dustLimit.compareTo(MAXIMUM_DUST_LIMIT) <= 0,
        "dust_limit_satoshis %d is above %d"
            .formatted(dustLimit.value(), MAXIMUM_DUST_LIMIT.value()));
    require(
        dustLimit.compareTo(reserve) <= 0, "dust_limit_satoshis is above channel_reserve_satoshis");
    require(
        toSelfDelay <= settings.maximumToSelfDelay(),
        "to_self_delay %d is longer than %d".formatted(toSelfDelay, settings.maximumToSelfDelay()));
    require(maxHtlcs <= MAXIMUM_HTLCS, "max_accepted_htlcs is above " + MAXIMUM_HTLCS);
  }

  private static void checkBalances(
      Satoshi capacity, Amount push, Feerate feerate, Satoshi dustLimit, Satoshi reserve) {
    Amount funder = capacity.toAmount().minus(push);
    Satoshi cost =
        CommitmentTransaction.funderCost(
            new CommitmentSpec(feerate, funder, push, List.of()), dustLimit);
    require(
        funder.compareTo(cost.toAmount()) >= 0,
        "the funder's balance does not cover the commitment's fee of %,d sat"
            .formatted(cost.value()));
    require(
        funder.minusOrZero(cost.toAmount()).compareTo(reserve.toAmount()) > 0
            || push.compareTo(reserve.toAmount()) > 0,
        "both balances are at or below channel_reserve_satoshis");
  }

  private void checkKeys(Basepoints basepoints, PublicKey firstPoint) {
    requirePoint(basepoints.funding(), "funding_pubkey");
    requirePoint(basepoints.revocation(), "revocation_basepoint");
    requirePoint(basepoints.payment(), "payment_basepoint");
    requirePoint(basepoints.delayedPayment(), "delayed_payment_basepoint");
    requirePoint(basepoints.htlc(), "htlc_basepoint");
    requirePoint(firstPoint, "first_per_commitment_point");
  }

  private void requirePoint(PublicKey point, String name) {
    require(signer.isValid(point), name + " is not a point on the curve");
  }

  static Basepoints basepoints(OpenChannel open) {
    return new Basepoints(
        open.fundingPubkey(),
        open.revocationBasepoint(),
        open.paymentBasepoint(),
        open.delayedPaymentBasepoint(),
        open.htlcBasepoint());
  }

  static Basepoints basepoints(AcceptChannel accept) {
    return new Basepoints(
        accept.fundingPubkey(),
        accept.revocationBasepoint(),
        accept.paymentBasepoint(),
        accept.delayedPaymentBasepoint(),
        accept.htlcBasepoint());
  }

  static ChannelSetup.HtlcLimits htlcLimits(OpenChannel open) {
    return new ChannelSetup.HtlcLimits(
        open.htlcMinimum(), open.maxHtlcValueInFlight(), open.maxAcceptedHtlcs());
  }

  static ChannelSetup.HtlcLimits htlcLimits(AcceptChannel accept) {
    return new ChannelSetup.HtlcLimits(
        accept.htlcMinimum(), accept.maxHtlcValueInFlight(), accept.maxAcceptedHtlcs());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ProtocolException(otherwise);
    }
  }
}
