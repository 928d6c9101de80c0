package chargepile.agent.voucher;

import chargepile.agent.voucher.VoucherStage.Established;
import chargepile.agent.voucher.VoucherStage.Normal;

/**
 * Somebody who may lie shows that the channel is being closed, and somebody else hides it (P1-34).
 * What does no harm where it is a lie is done at once: the better voucher is presented, which the
 * contract refuses while nobody closes, and nothing more is delivered for vouchers that may come
 * too late. Nothing is closed because of it, and the state stays as it is.
 */
final class HintSteps {
  private HintSteps() {}

  static void look(Step step, Established stage, OnLedger shown) {
    VoucherBook book = stage.book();
    if (shown instanceof OnLedger.Closing closing && Findings.lacksBest(book, closing)) {
      step.errand(new VoucherAction.Challenge(book.setup(), book.received().orElseThrow()));
    }
    if (stage instanceof Normal && Findings.isEnding(shown)) {
      step.tell(
          new VoucherNotice.Suspended(
              "a node of the chain shows that the channel is being closed, and another does not"));
    }
  }
}
