package chargepile.agent.market.review;

import chargepile.agent.market.order.RejectionReason;

/** The answer to a request for a review. */
public sealed interface Verdict {
  /** The power is promised from now on. */
  record Approved() implements Verdict {}

  record Rejected(RejectionReason reason) implements Verdict {}

  /** There is no review, and no order changes. */
  record Refused(Why why) implements Verdict {}

  /** Why there is no review. */
  enum Why {
    /** An order is reviewed once. */
    ALREADY_REVIEWED("the order has been reviewed"),
    /** P2-19: nobody reviews its own orders. */
    OWN_ORDER("the reviewer, or one it belongs to, is a party to the order");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
