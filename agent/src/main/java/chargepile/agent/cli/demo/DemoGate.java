package chargepile.agent.cli.demo;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Link;
import chargepile.agent.channel.Stage;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherStage;
import chargepile.hal.sim.Player;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Holds virtual time while the nodes still work on what happened: at full speed a second of virtual
 * time is less than a message takes through the broker.
 */
final class DemoGate implements Player.Gate {
  /** How long an answer of the driver's is waited for before time goes on without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int SPINS = 200;
  private static final long PAUSE_NANOS = 20_000;

  private final BooleanSupplier idle;
  private final Supplier<Pile> pile;
  private final BooleanSupplier driverAnswers;
  private final Runnable script;

  /**
   * @param idle whether both nodes have done all that was enqueued
   * @param driverAnswers whether there is a driver to wait for
   * @param script called before each happening, when all is quiet
   */
  DemoGate(
      BooleanSupplier idle, Supplier<Pile> pile, BooleanSupplier driverAnswers, Runnable script) {
    this.idle = idle;
    this.pile = pile;
    this.driverAnswers = driverAnswers;
    this.script = script;
  }

  @Override
  public void await() throws InterruptedException {
    hold();
    script.run();
    hold();
  }

  private void hold() throws InterruptedException {
    long deadline = 0;
    int looks = 0;
    while (isBusy()) {
      if (!idle.getAsBoolean()) {
        deadline = 0;
      } else if (deadline == 0) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        return;
      }
      if (++looks < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private boolean isBusy() {
    return !idle.getAsBoolean() || (driverAnswers.getAsBoolean() && awaitsDriver(pile.get()));
  }

  /** Whether the pile waits for something that the driver is about to say. */
  static boolean awaitsDriver(Pile pile) {
    if (pile.channels().isEmpty()) {
      return true;
    }
    boolean talking =
        pile.session()
            .map(session -> session.phase())
            .filter(phase -> phase instanceof Phase.Offered || phase instanceof Phase.Settling)
            .isPresent();
    return talking || pile.channels().values().stream().anyMatch(known -> awaitsPeer(known.leg()));
  }

  private static boolean awaitsPeer(PaymentLeg leg) {
    return switch (leg) {
      case PenaltyLeg _ -> leg.penalty().filter(DemoGate::awaitsPeer).isPresent();
      case VoucherLeg(VoucherChannel channel) -> awaitsPeer(channel, leg.isPending());
    };
  }

  private static boolean awaitsPeer(VoucherChannel channel, boolean pending) {
    return switch (channel.stage()) {
      case VoucherStage.Closed _, VoucherStage.Closing _, VoucherStage.DataLost _ -> false;
      case VoucherStage.Normal(_, var closing) ->
          channel.link() != VoucherChannel.Link.UP || closing.isPresent() || pending;
      case VoucherStage.Absent _, VoucherStage.AwaitingAccept _, VoucherStage.AwaitingReady _ ->
          true;
    };
  }

  private static boolean awaitsPeer(Channel channel) {
    return switch (channel.stage()) {
      case Stage.Closed _, Stage.Closing _, Stage.DataLost _ -> false;
      case Stage.Normal(Commitments now, var closing) ->
          channel.link() != Link.UP
              || closing.isPresent()
              || now.remoteNext().isPresent()
              || !now.localChanges().signed().isEmpty()
              || !now.localChanges().acked().isEmpty();
      default -> true;
    };
  }
}
