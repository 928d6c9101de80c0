package chargepile.agent.sim;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.InstantErrands;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.Watching;
import chargepile.agent.session.PeerChannel;
import java.time.Duration;

/**
 * A second program of a party's that goes on from an old state: it publishes the commitment that
 * was revoked since, takes HTLCs in their second stage, and sweeps, as well as can be.
 */
final class Rogue {
  private static final Duration LOOKS = Duration.ofSeconds(7);

  private final World world;
  private final ChannelMachine machine;
  private final InstantErrands errands;
  private Channel channel;

  Rogue(World world, Party party, PeerChannel old) {
    this.world = world;
    this.machine = party.machine(old.keyIndex());
    this.errands = new InstantErrands(world.chain, party.wallet(), this::on);
    this.channel = old.leg().penalty().orElseThrow();
    errands.watch(Watching.of(channel.stage()));
  }

  /** Publishes, shows the preimages it has, and looks after its prey from then on. */
  void begin() {
    on(new ChannelEvent.CloseUnilaterally("cheat"));
    channel
        .commitments()
        .ifPresent(
            now ->
                now.receivedHtlcs()
                    .forEach(
                        htlc ->
                            world
                                .payments
                                .of(htlc.paymentHash())
                                .filter(payment -> payment.fate == Payment.Fate.FULFILLED)
                                .ifPresent(
                                    payment ->
                                        on(
                                            new ChannelEvent.FulfillHtlc(
                                                htlc.id(), payment.preimage)))));
    look();
  }

  private void on(ChannelEvent event) {
    var transition = machine.on(channel, event);
    channel = transition.next();
    for (ChannelAction action : transition.actions()) {
      if (action instanceof ChannelAction.Errand errand) {
        errands.run(errand);
      }
    }
  }

  private void look() {
    on(new ChannelEvent.ChainChanged(errands.view()));
    if (!(channel.stage() instanceof Stage.Closed)) {
      world.after(LOOKS, this::look);
    }
  }
}
