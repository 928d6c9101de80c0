package chargepile.agent.channel;

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
  /** More updates than this before a {@code commitment_signed} are no honest peer's. */
  private static final int MAXIMUM_PROPOSED = 16;

  private final Signer signer;
  private final ChannelKeys keys;
  private final ChannelSettings settings;
  private final CommitmentExchange exchange;
  private final EndingSteps ending;

  UpdatingSteps(ChannelContext context, CommitmentExchange exchange, EndingSteps ending) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.settings = context.settings();
    this.exchange = exchange;
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
      step.to(
              new Stage.AwaitingReady(
                  commitments, stage.fundingTransaction(), true, stage.heardReady()))
          .store("channel_ready said");
    }
  }

  void heardReady(Step step, Stage.AwaitingReady stage, ChannelReady ready) {
    exchange.requirePoint(ready.secondPerCommitmentPoint(), "second_per_commitment_point");
    Stage.AwaitingReady heard =
        new Stage.AwaitingReady(
            stage.commitments(), stage.fundingTransaction(), stage.saidReady(), Optional.of(ready));
    step.to(heard).store("channel_ready heard");
    advance(step, heard, false);
  }

  ChannelReady channelReady(Commitments commitments) {
    return new ChannelReady(commitments.channelId(), keys.perCommitmentPoint(1, signer));
  }

  void claim(Step step, Stage.Normal stage, ChannelEvent.ClaimEnergy claim) {
    Commitments now = stage.commitments();
    if (!now.setup().metering()) {
      refuseCommand(step, "only the metering side claims energy");
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
      refuseCommand(step, "only the funder sets the feerate");
    } else if (!settings.feerate().admits(command.feerate())) {
      refuseCommand(step, "the feerate is outside the configured bounds");
    } else {
      propose(step, stage, new UpdateFee(now.channelId(), command.feerate()), "feerate changed");
    }
  }

  private void propose(Step step, Stage.Normal stage, ChannelMessage update, String event) {
    if (step.next().link() != Link.UP) {
      refuseCommand(step, "there is no link to the peer");
    } else if (stage.closing().isPresent()) {
      refuseCommand(step, "the channel is closing");
    } else if (stage.commitments().remoteNext().isPresent()) {
      refuseCommand(step, "the last update is still under way");
    } else {
      Commitments proposed = stage.commitments().propose(update);
      CommitmentExchange.Said<CommitmentSigned> signed;
      try {
        checkPayer(proposed, proposed.nextRemoteAllocation(), false, update);
        signed = exchange.sign(proposed);
      } catch (InsufficientBalanceException e) {
        refuseCommand(step, "the payer's balance does not suffice: " + e.reason());
        return;
      } catch (ProtocolException e) {
        refuseCommand(step, e.reason());
        return;
      }
      step.to(new Stage.Normal(signed.commitments(), stage.closing()))
          .store(event)
          .send(update)
          .send(signed.message());
    }
  }

  /** An {@code update_*} or {@code energy_update} of the peer's. */
  void proposed(Step step, Stage.Normal stage, ChannelMessage update) {
    if (ending.saidShutdown(stage)) {
      return; // said before the peer heard the own shutdown; the peer drops it when it does
    }
    Commitments now = stage.commitments();
    if (now.remoteChanges().proposed().size() >= MAXIMUM_PROPOSED) {
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
    if (ending.saidShutdown(stage) || ending.refuses(stage)) {
      return; // covers what was refused, or crossed the own shutdown
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
    Commitments revoked = exchange.revoked(stage.commitments(), message);
    step.store("commitment %d revoked by peer".formatted(revoked.remote().number() - 1));
    Commitments next = signIfDue(step, stage, revoked);
    step.to(new Stage.Normal(next, stage.closing()));
    ending.sayShutdownIfQuiet(step);
  }

  private Commitments signIfDue(Step step, Stage.Normal stage, Commitments now) {
    if (!now.hasChangesToSign() || now.remoteNext().isPresent() || ending.saidShutdown(stage)) {
      return now;
    }
    var signed = exchange.sign(now);
    step.send(signed.message());
    return signed.commitments();
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
        now.remoteSecrets(),
        now.signing());
  }

  private static void refuseCommand(Step step, String reason) {
    step.tell(new ChannelNotice.CommandRefused(reason));
  }
}
