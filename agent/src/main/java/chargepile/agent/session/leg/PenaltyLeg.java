package chargepile.agent.session.leg;

import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Link;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import java.util.List;
import java.util.Optional;

/** The penalty channel on Bitcoin as a session sees it. */
public record PenaltyLeg(Channel channel) implements PaymentLeg {
  /** Before anything was said. */
  public static final PenaltyLeg NEW = new PenaltyLeg(Channel.NEW);

  @Override
  public Optional<ChannelId> id() {
    return switch (channel.stage()) {
      case Stage.Absent _ -> Optional.empty();
      case Stage.AwaitingAccept(var request, _) -> Optional.of(request.temporaryId());
      case Stage.AwaitingFunding(var opening) -> Optional.of(opening.temporaryId());
      case Stage.AwaitingFundingSigned(var opening, _) -> Optional.of(opening.temporaryId());
      case Stage.AwaitingFundingCreated(var opening) -> Optional.of(opening.temporaryId());
      case Stage.Funded _, Stage.Recovering _, Stage.Closed _ ->
          channel.kept().map(StaticChannel::id);
    };
  }

  @Override
  public Optional<EvmAddress> peerAccount() {
    return Optional.empty();
  }

  @Override
  public Life life() {
    return switch (channel.stage()) {
      case Stage.Absent _ -> Life.ABSENT;
      case Stage.AwaitingAccept _,
          Stage.AwaitingFunding _,
          Stage.AwaitingFundingSigned _,
          Stage.AwaitingFundingCreated _,
          Stage.AwaitingReady _ ->
          Life.OPENING;
      case Stage.Normal normal -> normal.closing().isEmpty() ? Life.IN_USE : Life.CLOSING_TOGETHER;
      case Stage.Closing _, Stage.DataLost _, Stage.Recovering _ -> Life.SETTLING;
      case Stage.Closed _ -> Life.CLOSED;
    };
  }

  @Override
  public String title() {
    return channel.stage().title();
  }

  @Override
  public Optional<LegOutcome> outcome() {
    return channel.stage() instanceof Stage.Closed closed
        ? Optional.of(LegOutcome.of(closed.outcome()))
        : Optional.empty();
  }

  @Override
  public boolean isUnfinished() {
    return channel.stage() instanceof Stage.Funded || channel.stage() instanceof Stage.Recovering;
  }

  @Override
  public boolean isHearsay() {
    return false;
  }

  @Override
  public boolean isUnopened() {
    return false;
  }

  @Override
  public boolean isUsable() {
    return channel.link() == Link.UP && isOpen();
  }

  @Override
  public boolean isOpen() {
    return life() == Life.IN_USE && !channel.isSuspended();
  }

  @Override
  public boolean isPending() {
    return channel
        .commitments()
        .filter(now -> now.remoteNext().isPresent() || !isEmpty(now))
        .isPresent();
  }

  private static boolean isEmpty(Commitments now) {
    return now.localChanges().proposed().isEmpty()
        && now.localChanges().signed().isEmpty()
        && now.localChanges().acked().isEmpty();
  }

  @Override
  public boolean answersClaims() {
    return isUsable();
  }

  @Override
  public SessionTotals paid(SessionId session) {
    return last()
        .flatMap(now -> now.local().allocation().session())
        .filter(totals -> totals.session().equals(session))
        .orElseGet(() -> SessionTotals.start(session));
  }

  @Override
  public Amount spendable(Direction direction) {
    return channel.commitments().map(now -> spendable(now, direction)).orElse(Amount.ZERO);
  }

  private static Amount spendable(Commitments now, Direction direction) {
    ChannelSetup setup = now.setup();
    CommitmentSpec spec = now.local().allocation().spec();
    boolean ownPays = setup.metering() == (direction == Direction.EXPORT);
    Satoshi kept = ownPays ? setup.local().reserve() : setup.remote().reserve();
    if (setup.funder() == ownPays) {
      kept = kept.plus(CommitmentTransaction.funderCost(spec, setup.local().dustLimit()));
    }
    return (ownPays ? spec.toLocal() : spec.toRemote()).minusOrZero(kept.toAmount());
  }

  @Override
  public Optional<SignedState> signed() {
    return last()
        .map(
            now -> {
              CommitmentSpec spec = now.local().allocation().spec();
              long theirs =
                  now.remoteNext()
                      .map(next -> next.commit().number())
                      .orElse(now.remote().number());
              return new SignedState(
                  now.channelId(), now.local().number(), theirs, spec.toLocal(), spec.toRemote());
            });
  }

  @Override
  public List<EnergyClaim> proposed(SessionId session) {
    return channel.commitments().stream()
        .flatMap(now -> now.remoteChanges().proposed().stream())
        .filter(EnergyUpdate.class::isInstance)
        .map(EnergyUpdate.class::cast)
        .filter(update -> update.sessionId().equals(session))
        .map(EnergyUpdate::claim)
        .toList();
  }

  @Override
  public Optional<Channel> penalty() {
    return Optional.of(channel);
  }

  @Override
  public boolean isUndecided() {
    return channel.stage() instanceof Stage.Closing closing
        && (closing.commitments().remoteNext().isPresent()
            || !closing
                .commitments()
                .local()
                .allocation()
                .session()
                .equals(closing.commitments().remote().allocation().session()));
  }

  /** What was paid last in a channel that was divided so. */
  Optional<LastPaid> lastPaid(Allocation closing) {
    return last().map(now -> LastPaid.of(now, closing));
  }

  /** The channel's commitments; of a closed one the last. */
  private Optional<Commitments> last() {
    return channel.stage() instanceof Stage.Closed closed ? closed.last() : channel.commitments();
  }
}
