package chargepile.agent.channel;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.RevokeAndAck;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Direction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A usable channel's updates (BOLT 2, "Normal Operation"; P1-29): claims of energy, and the fee.
 */
final class UpdatingSteps {
  /**
   * More updates than this before a {@code commitment_signed} are no honest peer's; HTLCs have
   * limits of their own.
   */
  private static final int MAXIMUM_PROPOSED = 16;

  private final Signer signer;
  private final ChannelKeys keys;
  private final ChannelSettings settings;
  private final CommitmentExchange exchange;
  private final Proposing proposing;
  private final HtlcSteps htlcs;
  private final EndingSteps ending;

  UpdatingSteps(
      ChannelContext context,
      CommitmentExchange exchange,
      Proposing proposing,
      HtlcSteps htlcs,
      EndingSteps ending) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.settings = context.settings();
    this.exchange = exchange;
    this.proposing = proposing;
    this.htlcs = htlcs;
    this.ending = ending;
  }

  /** Says {@code channel_ready} once the funding is deep enough, and begins once both said it. */
  void advance(Step step, Stage.AwaitingReady stage, boolean deepEnough) {
    boolean say = deepEnough && !stage.saidReady() && step.next().link() == Link.UP;
    Commitments commitments = stage.commitments();
    if (say) {
      step.send(channelReady(commitments));
    }
    boolean said = stage.saidReady() || say;
    if (said && stage.heardReady().isPresent()) {
      Commitments ready = withRemotePoint(commitments, stage.heardReady().get());
      step.to(new Stage.Normal(ready, Optional.empty()))
          .store("channel usable")
          .tell(new ChannelNotice.Usable());
    } else if (say) {
      step.to(new Stage.AwaitingReady(commitments, true, stage.heardReady()))
          .store("channel_ready said");
    }
  }

  void heardReady(Step step, Stage.AwaitingReady stage, ChannelReady ready) {
    exchange.requirePoint(ready.secondPerCommitmentPoint(), "second_per_commitment_point");
    Stage.AwaitingReady heard =
        new Stage.AwaitingReady(stage.commitments(), stage.saidReady(), Optional.of(ready));
    step.to(heard).store("channel_ready heard");
    advance(step, heard, false);
  }

  ChannelReady channelReady(Commitments commitments) {
    return new ChannelReady(commitments.channelId(), keys.perCommitmentPoint(1, signer));
  }

  void claim(Step step, Stage.Normal stage, ChannelEvent.ClaimEnergy claim) {
    Commitments now = stage.commitments();
    if (!now.setup().metering()) {
      Proposing.refuse(step, "only the metering side claims energy");
      return;
    }
    EnergyUpdate update =
        new EnergyUpdate(
            now.channelId(),
            claim.session(),
            claim.direction(),
            claim.energy(),
            claim.duration(),
            claim.amount(),
            claim.tariffId(),
            claim.meterRecord());
    propose(step, stage, update, "energy claimed");
  }

  void setFeerate(Step step, Stage.Normal stage, ChannelEvent.SetFeerate command) {
    Commitments now = stage.commitments();
    if (!now.setup().funder()) {
      Proposing.refuse(step, "only the funder sets the feerate");
    } else if (!settings.feerate().admits(command.feerate())) {
      Proposing.refuse(step, "the feerate is outside the configured bounds");
    } else {
      propose(step, stage, new UpdateFee(now.channelId(), command.feerate()), "feerate changed");
    }
  }

  private void propose(Step step, Stage.Normal stage, ChannelMessage update, String event) {
    if (step.next().link() != Link.UP) {
      Proposing.refuse(step, "there is no link to the peer");
    } else if (stage.closing().isPresent()) {
      Proposing.refuse(step, "the channel is closing");
    } else if (stage.commitments().remoteNext().isPresent()) {
      Proposing.refuse(step, "the last update is still under way");
    } else {
      Commitments proposed = stage.commitments().propose(update);
      try {
        checkPayer(proposed, proposed.nextRemoteAllocation(), false, update);
        proposed.eventualAllocation();
        proposing.say(step, stage, proposed, update, event);
      } catch (InsufficientBalanceException e) {
        Proposing.refuse(step, "the payer's balance does not suffice: " + e.reason());
      } catch (ProtocolException e) {
        Proposing.refuse(step, e.reason());
      }
    }
  }

  /** An {@code update_fee} or {@code energy_update} of the peer's. */
  void proposed(Step step, Stage.Normal stage, ChannelMessage update) {
    if (ending.takesNothing(stage)) {
      return;
    }
    Commitments now = stage.commitments();
    if (unsigned(now) >= MAXIMUM_PROPOSED) {
      throw new ProtocolException("more than %d updates unsigned".formatted(MAXIMUM_PROPOSED));
    }
    if (update instanceof EnergyUpdate && now.setup().metering()) {
      throw new ProtocolException("energy_update from the side that does not meter");
    }
    if (update instanceof UpdateFee fee) {
      checkFee(now, fee);
    }
    Commitments received = now.receive(update);
    try {
      checkPayer(received, received.nextLocalAllocation(), true, update);
      received.eventualAllocation();
    } catch (InsufficientBalanceException e) {
      String reason = "the payer's balance does not suffice: " + e.reason();
      if (update instanceof UpdateFee) {
        throw new ProtocolException(reason); // the funder knows what it can afford (BOLT 2)
      }
      ending.refuse(step, stage, reason);
      return;
    }
    step.to(new Stage.Normal(received, stage.closing()));
  }

  private void checkFee(Commitments now, UpdateFee fee) {
    if (now.setup().funder()) {
      throw new ProtocolException("update_fee from the side that does not pay the fee");
    }
    if (!settings.feerate().admits(fee.feerate())) {
      throw new ProtocolException(
          "feerate_per_kw %d is outside %d to %d"
              .formatted(
                  fee.feerate().satoshiPerKw(),
                  settings.feerate().minimum().satoshiPerKw(),
                  settings.feerate().maximum().satoshiPerKw()));
    }
  }

  void signed(Step step, Stage.Normal stage, CommitmentSigned message) {
    if (ending.takesNothing(stage)) {
      return;
    }
    Commitments now = stage.commitments();
    List<EnergyUpdate> settled = energyIn(now);
    var acknowledged = exchange.acknowledge(now, message);
    step.store(
            "commitment %d signed by peer".formatted(acknowledged.commitments().local().number()))
        .send(acknowledged.message());
    Commitments next = signIfDue(step, stage, acknowledged.commitments());
    step.to(new Stage.Normal(next, stage.closing()));
    settled.forEach(update -> step.tell(new ChannelNotice.EnergySettled(update)));
    ending.sayShutdownIfQuiet(step);
  }

  void revoked(Step step, Stage.Normal stage, RevokeAndAck message) {
    Commitments before = stage.commitments();
    Commitments revoked = exchange.revoked(before, message);
    rememberHtlcs(step, before.remote());
    step.store("commitment %d revoked by peer".formatted(revoked.remote().number() - 1));
    Commitments next = signIfDue(step, stage, revoked);
    step.to(new Stage.Normal(next, stage.closing()));
    htlcs.settled(step, before.remoteChanges());
    ending.sayShutdownIfQuiet(step);
  }

  /**
   * Without HTLCs a revoked commitment needs its secret alone, and that is kept in the shachain.
   */
  private static void rememberHtlcs(Step step, Commitments.Remote revoked) {
    List<Htlc> htlcs = revoked.allocation().spec().htlcs();
    if (!htlcs.isEmpty()) {
      step.remember(revoked.number(), htlcs);
    }
  }

  private Commitments signIfDue(Step step, Stage.Normal stage, Commitments now) {
    if (ending.saidShutdown(stage)) {
      return now;
    }
    var signed = exchange.signIfDue(now);
    signed.ifPresent(said -> step.send(said.message()));
    return signed.map(CommitmentExchange.Said::commitments).orElse(now);
  }

  private static long unsigned(Commitments now) {
    return now.remoteChanges().proposed().stream()
        .filter(update -> update instanceof EnergyUpdate || update instanceof UpdateFee)
        .count();
  }

  private static void checkPayer(
      Commitments now, Allocation next, boolean ownerIsLocal, ChannelMessage update) {
    boolean meteringPays =
        update instanceof EnergyUpdate energy && energy.direction() == Direction.EXPORT;
    boolean payerIsLocal =
        update instanceof UpdateFee ? now.setup().funder() : now.setup().metering() == meteringPays;
    Affordability.check(now.setup(), next, ownerIsLocal, payerIsLocal);
  }

  private static List<EnergyUpdate> energyIn(Commitments now) {
    return Stream.concat(
            now.localChanges().acked().stream(), now.remoteChanges().proposed().stream())
        .filter(EnergyUpdate.class::isInstance)
        .map(EnergyUpdate.class::cast)
        .toList();
  }

  private static Commitments withRemotePoint(Commitments now, ChannelReady ready) {
    return new Commitments(
        now.setup(),
        now.funding(),
        now.local(),
        now.remote(),
        now.remoteNext(),
        ready.secondPerCommitmentPoint(),
        now.localChanges(),
        now.remoteChanges(),
        now.payments(),
        now.remoteSecrets(),
        now.signing());
  }
}
