package chargepile.agent.voucher;

import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.Normal;

/** What the owner of a channel wants done with it; what can't be done is refused with a reason. */
final class CommandSteps {
  private static final String HEARSAY =
      "the chain has yet to show the channel: there is nothing to close";

  private final OpeningSteps opening;
  private final DepositSteps deposits;
  private final PayingSteps paying;
  private final EndingSteps ending;
  private final SettlingSteps settling;
  private final OfferedLockSteps offered;
  private final TakenLockSteps taken;

  CommandSteps(
      OpeningSteps opening,
      DepositSteps deposits,
      PayingSteps paying,
      EndingSteps ending,
      SettlingSteps settling,
      OfferedLockSteps offered,
      TakenLockSteps taken) {
    this.opening = opening;
    this.deposits = deposits;
    this.paying = paying;
    this.ending = ending;
    this.settling = settling;
    this.offered = offered;
    this.taken = taken;
  }

  void on(Step step, VoucherEvent.Command command) {
    VoucherStage stage = step.stage();
    switch (command) {
      case VoucherEvent.Open open -> {
        if (stage instanceof VoucherStage.Absent) {
          opening.open(step, open);
        } else {
          step.refuse("the channel exists already");
        }
      }
      case VoucherEvent.Deposit(var total) -> inUse(step, n -> deposits.raise(step, n, total));
      case VoucherEvent.ClaimEnergy(var claim) -> inUse(step, n -> paying.claim(step, n, claim));
      case VoucherEvent.Refuse(String reason) -> {
        if (stage instanceof Normal normal) {
          ending.refuse(step, normal, reason);
        }
      }
      case VoucherEvent.AddHtlc wanted -> inUse(step, n -> offered.offer(step, n, wanted));
      case VoucherEvent.FulfillHtlc wanted -> agreed(step, e -> taken.fulfil(step, e, wanted));
      case VoucherEvent.FailHtlc wanted -> agreed(step, e -> taken.fail(step, e, wanted));
      case VoucherEvent.CloseCooperatively _ -> closeCooperatively(step);
      case VoucherEvent.CloseUnilaterally(String reason) -> closeUnilaterally(step, reason);
    }
  }

  private void closeCooperatively(Step step) {
    switch (step.stage()) {
      case Normal normal -> ending.want(step, normal);
      case AwaitingReady waiting when SettlingSteps.isWorthless(waiting) ->
          opening.abandon(step, "closed before it was opened on the chain");
      case VoucherStage.AwaitingAccept _ -> opening.abandon(step, "closed before it was agreed to");
      case VoucherStage.DataLost lost when !lost.shown() -> step.refuse(HEARSAY);
      case VoucherStage.DataLost lost ->
          settling.publish(step, lost, "closed with what is known of it, as data was lost");
      case VoucherStage.Closed _ -> step.refuse("the channel is closed");
      case VoucherStage other ->
          step.refuse("the channel can't be closed together in stage " + other.title());
    }
  }

  private void closeUnilaterally(Step step, String reason) {
    switch (step.stage()) {
      case VoucherStage.Absent _ -> step.refuse("there is no channel");
      case VoucherStage.AwaitingAccept _ -> opening.abandon(step, reason);
      case AwaitingReady stage -> settling.publish(step, stage, reason);
      case Normal stage -> settling.publish(step, stage, reason);
      case VoucherStage.DataLost stage when !stage.shown() -> step.refuse(HEARSAY);
      case VoucherStage.DataLost stage -> settling.publish(step, stage, reason);
      case Closing stage when stage.together().isPresent() ->
          SettlingSteps.force(step, stage, reason);
      case Closing _ -> step.refuse("the channel is being closed already");
      case VoucherStage.Closed _ -> step.refuse("the channel is closed");
    }
  }

  private interface InNormal {
    void accept(Normal stage);
  }

  /** Only while the chain holds the channel. */
  private static void inUse(Step step, InNormal answer) {
    if (!(step.stage() instanceof Normal normal)) {
      step.refuse("the channel can't be used in stage " + step.stage().title());
    } else if (normal.book().isSuspended()) {
      step.refuse("the chain does not hold the channel any more");
    } else {
      answer.accept(normal);
    }
  }

  private interface InAgreed {
    void accept(VoucherStage.Established stage);
  }

  private static void agreed(Step step, InAgreed answer) {
    if (step.stage() instanceof VoucherStage.Established stage) {
      answer.accept(stage);
    } else {
      step.refuse("no lock is pending in stage " + step.stage().title());
    }
  }
}
